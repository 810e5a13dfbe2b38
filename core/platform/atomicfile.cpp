// The part of it that is the same on every system.
#include "platform/atomicfile.h"

#include <QFile>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::atomicfile {

Result<QByteArray> read(const QString &path, qint64 maxBytes)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(u"cannot read: "_s + file.errorString(), path);
    QByteArray data = file.read(maxBytes + 1);
    if (file.error() != QFileDevice::NoError)
        return fail(u"cannot read: "_s + file.errorString(), path);
    if (data.size() > maxBytes)
        return fail(u"is larger than the %1 bytes expected of it"_s.arg(maxBytes), path);
    return data;
}

} // namespace cloudnode::atomicfile
