// The part of it that is the same on every system.
#include "platform/atomicfile.h"

#include <QFile>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::atomicfile {

Result<QByteArray> read(const QString &path, qint64 maxBytes)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(u"cannot read: "_s + file.errorString(), path);
    // read() takes memory for all that it is asked for. A pipe and the kernel's files have no size, and what
    // is no file of ours may grow.
    const qint64 expected = std::min(file.size(), maxBytes);
    QByteArray data = file.read(expected + 1);
    if (data.size() > expected)
        data += file.read(maxBytes + 1 - data.size());
    if (file.error() != QFileDevice::NoError)
        return fail(u"cannot read: "_s + file.errorString(), path);
    if (data.size() > maxBytes)
        return fail(u"is larger than the %1 bytes expected of it"_s.arg(maxBytes), path);
    return data;
}

} // namespace cloudnode::atomicfile
