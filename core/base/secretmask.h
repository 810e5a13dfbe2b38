#pragma once

#include "base/secretpattern.h"

#include <bitset>

namespace cloudnode {

/// Knows the node's secrets and blacks them out of whatever is about to be shown, logged or sent: as they
/// are, escaped for JSON, URLs and string literals, and within base64.
class SecretMask {
public:
    /// Shorter ones are not masked: they would hit ordinary words, and tell by their gaps what they are.
    static constexpr qsizetype minLength = 8; ///< in bytes

    SecretMask() = default;
    /// Secrets as UTF-8; empty and short ones are left out.
    explicit SecretMask(const QList<QByteArray> &secrets);

    /// `text` with every secret replaced by "****"; secrets that overlap or touch make one "****".
    /// What stands before `from` is left out, but a secret that begins there is still found.
    QByteArray mask(QByteArrayView text, qsizetype from = 0) const;

    /// How many bytes at the end of `text` may be the beginning of a secret. Who masks a stream piece by
    /// piece keeps that many back for the next piece, so that no secret slips through at the seam. At most
    /// twice longest().
    qsizetype unfinished(QByteArrayView text) const;

    /// The most bytes that one secret can take up in a text.
    qsizetype longest() const { return m_longest; }

private:
    struct Known {
        SecretPattern pattern;
        std::bitset<256> firstBytes; ///< those a match can begin with
    };

    struct Range {
        qsizetype begin = 0;
        qsizetype end = 0;
    };
    QList<Range> rangesIn(QByteArrayView text, qsizetype from) const;
    qsizetype firstUndecided(QByteArrayView text) const;

    QList<Known> m_known;
    std::bitset<256> m_firstBytes; ///< of all of them; nearly every byte of a text is none
    qsizetype m_longest = 0;
};

} // namespace cloudnode
