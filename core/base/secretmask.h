#pragma once

#include <QByteArray>
#include <QList>

namespace cloudnode {

/// Knows the node's secrets and blacks them out of whatever is about to be shown, logged or sent.
class SecretMask {
public:
    /// Shorter ones are not masked: they would hit ordinary words, and tell by their gaps what they are.
    static constexpr qsizetype minLength = 8; ///< in bytes

    SecretMask() = default;
    /// Secrets as UTF-8; empty and short ones are left out.
    explicit SecretMask(const QList<QByteArray> &secrets);

    /// `text` with every secret replaced by "****"; secrets that overlap or touch make one "****".
    QByteArray mask(QByteArrayView text) const;

    /// How many bytes at the end of `text` may be the beginning of a secret. Who masks a stream piece by
    /// piece keeps that many back for the next piece, so that no secret slips through at the seam.
    qsizetype unfinished(QByteArrayView text) const;

private:
    QList<QByteArray> m_secrets;
};

} // namespace cloudnode
