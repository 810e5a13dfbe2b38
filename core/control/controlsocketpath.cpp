#include "control/controlsocketpath.h"

#include "platform/account.h"
#include "platform/controllistener.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFileInfo>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

/// The same text for every way to write one folder.
QString canonical(const QString &folder)
{
    const QString resolved = QFileInfo(folder).canonicalFilePath();
    return resolved.isEmpty() ? QDir::cleanPath(QDir(folder).absolutePath()) : resolved;
}

QString socketName(const QString &stateDir, const QString &home)
{
    const QString folder = canonical(stateDir);
    if (folder == canonical(home + u"/.cyberwave"_s))
        return u"cloudnode.sock"_s;
    const QByteArray hash = QCryptographicHash::hash(folder.toUtf8(), QCryptographicHash::Sha256).toHex();
    return u"cloudnode-%1.sock"_s.arg(QString::fromLatin1(hash.left(16)));
}

} // namespace

RuntimeFolders RuntimeFolders::ofThisProcess()
{
    RuntimeFolders runtime{QDir::homePath(), {}};
    const QStringList candidates = {qEnvironmentVariable("XDG_RUNTIME_DIR"),
                                    u"/run/user/%1"_s.arg(account::userId())};
    for (const QString &folder : candidates) {
        const QFileInfo info(folder);
        if (info.isAbsolute() && info.isDir() && info.ownerId() == account::userId())
            runtime.folders << QDir::cleanPath(folder);
    }
    runtime.folders.removeDuplicates();
    return runtime;
}

Result<QStringList> controlSocketPaths(const QString &stateDir, const RuntimeFolders &runtime)
{
    const QString name = socketName(stateDir, runtime.home);
    QStringList paths;
    for (const QString &folder : runtime.folders)
        paths << folder + u"/cyberwave/"_s + name;
    const QString last = QDir::cleanPath(QDir(stateDir).absolutePath()) + u"/run/cloudnode.sock"_s;
    paths << last;
    paths.removeIf([](const QString &path) { return !ControlListener::canListenAt(path); });
    if (paths.isEmpty())
        return fail(u"the control socket's path is longer than 107 bytes"_s, last,
                    u"Use a state directory with a shorter path, or set XDG_RUNTIME_DIR."_s);
    return paths;
}

} // namespace cloudnode
