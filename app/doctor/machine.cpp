#include "doctor/machine.h"

#include "doctor/xtray.h"
#include "node/runnerlocation.h"
#include "platform/thisprogram.h"
#include "words.h"

#include <QFileInfo>
#include <QProcess>
#include <QStorageInfo>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::machine {

namespace {

constexpr qint64 leastSpace = qint64(1) << 30; // bytes; a long training prints this much
constexpr quint64 leastDescriptors = 1024;

/// The closest folder above `path` that is there, or `path` itself.
QString existing(QString path)
{
    while (!QFileInfo::exists(path) && path != "/"_L1)
        path = QFileInfo(path).path();
    return path;
}

/// Without an address there may be nobody, and asking would start a bus.
bool hasSessionBus()
{
    return !qEnvironmentVariableIsEmpty("DBUS_SESSION_BUS_ADDRESS") ||
           QFileInfo::exists(qEnvironmentVariable("XDG_RUNTIME_DIR") + u"/bus"_s);
}

bool hasStatusNotifierWatcher()
{
    if (!hasSessionBus())
        return false;
    // By a program that every desktop has: Qt's library for it, and the seven behind that, would be loaded
    // into every node for this one question.
    QProcess bus;
    bus.start(u"dbus-send"_s, {u"--session"_s, u"--print-reply=literal"_s, u"--dest=org.freedesktop.DBus"_s,
                               u"/org/freedesktop/DBus"_s, u"org.freedesktop.DBus.NameHasOwner"_s,
                               u"string:org.kde.StatusNotifierWatcher"_s});
    return bus.waitForFinished() && bus.readAllStandardOutput().trimmed().endsWith("true");
}

} // namespace

Finding diskSpace(const QString &stateDir)
{
    const QString name = u"disk"_s;
    const QString folder = existing(stateDir);
    const QStorageInfo storage(folder);
    if (storage.isReadOnly() || !QFileInfo(folder).isWritable())
        return Finding::problem(name, u"%1 cannot be written to"_s.arg(folder),
                                u"Give its owner the right to write, or choose another with --state-dir."_s);
    const qint64 free = storage.bytesAvailable();
    const QString text = u"%1 free for %2"_s.arg(words::bytes(static_cast<double>(free)), stateDir);
    if (free < leastSpace)
        return Finding::problem(name, text, u"Make room: outputs and results of workloads are kept there."_s);
    return Finding::ok(name, text);
}

Finding descriptorLimit()
{
    const QString name = u"descriptors"_s;
    const auto limit = thisprogram::openFilesLimit();
    if (!limit)
        return Finding::note(name, u"the limit cannot be read"_s);
    if (!limit->most)
        return Finding::ok(name, u"as many files as wanted may be open at once"_s);
    const QString text = u"%1 files may be open at once"_s.arg(*limit->most);
    if (*limit->most < leastDescriptors)
        return Finding::problem(
            name, text,
            u"Raise it to %1 or more: `ulimit -n`, or LimitNOFILE= of the service."_s.arg(leastDescriptors));
    return Finding::ok(name, text);
}

Finding runner()
{
    const auto found = findRunner();
    return found ? Finding::ok(u"runner"_s, *found)
                 : Finding::problem(u"runner"_s, found.error().what, found.error().remedy);
}

Finding trayHost()
{
    const QString name = u"tray"_s;
    const bool x11 = !qEnvironmentVariableIsEmpty("DISPLAY");
    if (!x11 && qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY"))
        return Finding::ok(name, u"not a desktop"_s);
    if (hasStatusNotifierWatcher() || (x11 && hasXTray()))
        return Finding::ok(name, u"this desktop shows tray icons"_s);
    return Finding::note(
        name, u"this desktop shows no tray icons; the window is used instead"_s,
        u"In GNOME, the extension AppIndicator brings them; elsewhere, a panel with a tray."_s);
}

} // namespace cloudnode::machine
