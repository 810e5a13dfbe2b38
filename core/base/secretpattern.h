#pragma once

#include <QByteArray>
#include <QList>

#include <bitset>

namespace cloudnode {

/// One secret in one of the shapes in which it may stand in a text, letter by letter: each as it is, or
/// escaped as in JSON, URLs or string literals, in whatever mixture.
class SecretPattern {
public:
    /// The shapes of a secret given as UTF-8: itself, and the part of it that is certain in a base64 text
    /// (either alphabet, broken into lines or not) in which it begins at the first, second or third byte of
    /// a group.
    static QList<SecretPattern> shapesOf(const QByteArray &secret);

    struct Match {
        enum class Kind { None, Beginning, Whole };
        Kind kind = Kind::None; ///< Beginning: the text ends before it is decided
        qsizetype end = 0;      ///< Whole: behind its last byte
        qsizetype letters = 0;  ///< Beginning: so many of the secret's are there
    };
    /// What begins at `text[at]`.
    Match matchAt(QByteArrayView text, qsizetype at) const;

    /// The bytes it can begin with.
    std::bitset<256> firstBytes() const;
    /// The most bytes that it can take up.
    qsizetype longest() const;

private:
    using Spellings = QList<QByteArray>; ///< those longer than a byte count in upper and lower case

    static SecretPattern ofText(const QByteArray &secret);
    static SecretPattern ofBase64(const QByteArray &secret, int bytesBefore);

    QList<Spellings> m_letters;
    bool m_inLines = false; ///< between two letters there may be a line break, as anywhere in base64
};

} // namespace cloudnode
