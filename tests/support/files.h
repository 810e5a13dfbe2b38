#pragma once

#include <QByteArray>
#include <QFile>

namespace cloudnode::test {

/// The bytes of a file; none if it cannot be read.
inline QByteArray contents(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace cloudnode::test
