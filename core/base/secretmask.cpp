#include "base/secretmask.h"

#include <algorithm>

namespace cloudnode {

namespace {

struct Range {
    qsizetype begin = 0;
    qsizetype end = 0;
};

QList<Range> occurrences(QByteArrayView text, const QByteArray &secret)
{
    QList<Range> found;
    for (qsizetype at = text.indexOf(secret); at >= 0; at = text.indexOf(secret, at + 1))
        found.append({at, at + secret.size()});
    return found;
}

} // namespace

SecretMask::SecretMask(const QList<QByteArray> &secrets)
{
    std::copy_if(secrets.cbegin(), secrets.cend(), std::back_inserter(m_secrets),
                 [](const QByteArray &secret) { return secret.size() >= minLength; });
}

QByteArray SecretMask::mask(QByteArrayView text) const
{
    // All are looked for in the original text: replacing one after the other would leave the rest of a
    // secret standing whose beginning was part of another.
    QList<Range> ranges;
    for (const QByteArray &secret : m_secrets)
        ranges += occurrences(text, secret);
    std::sort(ranges.begin(), ranges.end(), [](Range a, Range b) { return a.begin < b.begin; });

    QByteArray masked;
    qsizetype done = 0;
    for (const Range &range : std::as_const(ranges)) {
        if (masked.isEmpty() || range.begin > done)
            masked.append(text.sliced(done, range.begin - done)).append("****");
        done = std::max(done, range.end);
    }
    return masked.append(text.sliced(done));
}

qsizetype SecretMask::unfinished(QByteArrayView text) const
{
    qsizetype longest = 0;
    for (const QByteArray &secret : m_secrets) {
        for (qsizetype n = std::min(secret.size() - 1, text.size()); n > longest; --n) {
            if (text.last(n) == QByteArrayView(secret).first(n))
                longest = n;
        }
    }
    return longest;
}

} // namespace cloudnode
