#include "platform/cgrouproom.h"

#include <QDir>
#include <QFile>
#include <QStringList>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::cgrouproom {

namespace {

const QStringList &neededControllers()
{
    static const QStringList all = {u"cpu"_s, u"memory"_s, u"pids"_s};
    return all;
}

QByteArray contentOf(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

/// Source: proc(5), /proc/PID/mounts.
QString mountPoint()
{
    for (const QByteArray &line : contentOf(u"/proc/self/mounts"_s).split('\n')) {
        const QList<QByteArray> words = line.split(' ');
        if (words.value(2) == "cgroup2")
            return QFile::decodeName(words.at(1));
    }
    return {};
}

Result<void> offerControllers(const QString &folder)
{
    const QList<QByteArray> offered = contentOf(folder + u"/cgroup.controllers"_s).simplified().split(' ');
    QStringList missing = neededControllers();
    missing.removeIf([&offered](const QString &name) { return offered.contains(name.toLatin1()); });
    if (!missing.isEmpty())
        return fail(u"the system does not offer %1 in it"_s.arg(missing.join(u", "_s)), folder);
    QFile control(folder + u"/cgroup.subtree_control"_s);
    const QByteArray wish = "+" + neededControllers().join(u" +"_s).toLatin1();
    if (!control.open(QIODevice::WriteOnly | QIODevice::Unbuffered) || control.write(wish) != wish.size())
        return fail(u"cannot be changed: "_s + control.errorString(), control.fileName());
    return {};
}

} // namespace

Result<QString> prepare(QString top)
{
    if (top.isEmpty())
        top = mountPoint();
    if (top.isEmpty())
        return fail(u"this system has no cgroups of version 2"_s);
    QString folder = top + u"/cloudnode"_s;
    return offerControllers(top)
        .and_then([&folder]() -> Result<void> {
            if (!QDir().mkpath(folder))
                return fail(u"cannot be made"_s, folder);
            return offerControllers(folder);
        })
        .map([&folder] { return folder; });
}

} // namespace cloudnode::cgrouproom
