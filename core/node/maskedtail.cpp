#include "node/maskedtail.h"

#include <algorithm>

namespace cloudnode {

namespace {

bool isContinuation(char byte)
{
    return (static_cast<uchar>(byte) & 0xC0) == 0x80;
}

} // namespace

LogTail::Tail maskedTail(const QString &path, qint64 maxBytes, const SecretMask &mask)
{
    // Read from so far before the cut that no secret can reach over it unseen.
    const auto tail = LogTail::last(path, maxBytes + mask.longest());
    if (!tail)
        return {};
    qsizetype cut = std::max<qsizetype>(0, tail->text.size() - maxBytes);
    while (cut > 0 && cut < tail->text.size() && isContinuation(tail->text.at(cut)))
        ++cut;
    return {mask.mask(tail->text, cut), tail->truncated || cut > 0};
}

} // namespace cloudnode
