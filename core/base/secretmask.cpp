#include "base/secretmask.h"

#include <algorithm>

namespace cloudnode {

namespace {

using Match = SecretPattern::Match;

/// So many letters at the end of a line are no chance, and the next line may go on with the secret. Fewer are
/// not waited for: every line would have to, the letters of base64 being those of ordinary words.
constexpr qsizetype lettersBeforeLineBreak = 8;

uchar byteAt(QByteArrayView text, qsizetype at)
{
    return static_cast<uchar>(text[at]);
}

} // namespace

SecretMask::SecretMask(const QList<QByteArray> &secrets)
{
    for (const QByteArray &secret : secrets) {
        if (secret.size() < minLength)
            continue;
        for (const SecretPattern &pattern : SecretPattern::shapesOf(secret))
            m_known << Known{pattern, pattern.firstBytes()};
    }
    for (const Known &known : std::as_const(m_known)) {
        m_longest = std::max(m_longest, known.pattern.longest());
        m_firstBytes |= known.firstBytes;
    }
}

/// In the order of their beginnings.
QList<SecretMask::Range> SecretMask::rangesIn(QByteArrayView text, qsizetype from) const
{
    QList<Range> ranges;
    for (qsizetype at = from; at < text.size(); ++at) {
        if (!m_firstBytes.test(byteAt(text, at)))
            continue;
        for (const Known &known : m_known) {
            if (!known.firstBytes.test(byteAt(text, at)))
                continue;
            const Match match = known.pattern.matchAt(text, at);
            if (match.kind == Match::Kind::Whole)
                ranges.append({at, match.end});
        }
    }
    return ranges;
}

QByteArray SecretMask::mask(QByteArrayView text, qsizetype from) const
{
    // All are looked for in the original text: replacing one after the other would leave the rest of a
    // secret standing whose beginning was part of another.
    const QList<Range> ranges = rangesIn(text, std::max<qsizetype>(0, from - m_longest));
    QByteArray masked;
    qsizetype done = from;
    for (const Range &range : ranges) {
        if (range.end <= from)
            continue;
        const qsizetype begin = std::max(range.begin, from);
        if (masked.isEmpty() || begin > done)
            masked.append(text.sliced(done, begin - done)).append("****");
        done = std::max(done, range.end);
    }
    return masked.append(text.sliced(done));
}

qsizetype SecretMask::firstUndecided(QByteArrayView text) const
{
    const bool lineEnds = text.endsWith('\n') || text.endsWith('\r');
    for (qsizetype at = std::max<qsizetype>(0, text.size() - m_longest); at < text.size(); ++at) {
        for (const Known &known : m_known) {
            if (!known.firstBytes.test(byteAt(text, at)))
                continue;
            const Match match = known.pattern.matchAt(text, at);
            const bool mayGoOn = !lineEnds || match.letters >= lettersBeforeLineBreak;
            if (match.kind == Match::Kind::Beginning && mayGoOn)
                return at;
        }
    }
    return text.size();
}

qsizetype SecretMask::unfinished(QByteArrayView text) const
{
    qsizetype cut = firstUndecided(text);
    if (cut == text.size())
        return 0;
    // A secret that is there already must not be cut in two because it ends like the beginning of one.
    const QList<Range> ranges = rangesIn(text, std::max<qsizetype>(0, text.size() - 2 * m_longest));
    std::for_each(ranges.crbegin(), ranges.crend(), [&cut](const Range &range) {
        if (range.begin < cut && cut < range.end)
            cut = range.begin;
    });
    return text.size() - cut;
}

} // namespace cloudnode
