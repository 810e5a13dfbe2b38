#include "platform/atomicfile.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::atomicfile {

namespace {

constexpr auto ownersFile = QFileDevice::ReadOwner | QFileDevice::WriteOwner;

tl::unexpected<Error> cannot(const QString &doing, const QFileDevice &file)
{
    return fail(u"cannot %1: "_s.arg(doing) + file.errorString(), file.fileName());
}

} // namespace

Result<void> write(const QString &path, const QByteArray &data, Durability /*as durable as QSaveFile is*/)
{
    QSaveFile file(path);
    if (!file.open(QIODevice::WriteOnly) || !file.setPermissions(ownersFile) ||
        file.write(data) != data.size() || !file.commit())
        return cannot(u"write"_s, file);
    return {};
}

Result<void> writeNew(const QString &path, const QByteArray &data)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly | QIODevice::NewOnly, ownersFile))
        return cannot(u"write"_s, file);
    if (file.write(data) == data.size() && file.flush())
        return {};
    const auto failure = cannot(u"write"_s, file);
    file.remove();
    return failure;
}

Result<void> fill(const QString &path, const QByteArray &data, Durability durability)
{
    return write(path, data, durability);
}

Result<void> makePrivateFolder(const QString &path)
{
    const QString clean = QDir::cleanPath(path);
    if (QFileInfo(clean).isDir())
        return {};
    const QString parent = QFileInfo(clean).path();
    if (parent != clean) {
        if (auto made = makePrivateFolder(parent); !made)
            return made;
    }
    if (!QDir().mkdir(clean, ownersFile | QFileDevice::ExeOwner) && !QFileInfo(clean).isDir())
        return fail(u"cannot make the folder"_s, clean);
    return {};
}

} // namespace cloudnode::atomicfile
