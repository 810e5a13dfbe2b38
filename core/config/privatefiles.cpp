#include "config/privatefiles.h"

#include "config/statepaths.h"
#include "platform/filemode.h"

#include <QDir>
#include <QFileInfo>

#include <cerrno>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::privatefiles {

namespace {

bool take(const QString &path, uint mode)
{
    return filemode::set(path, mode & ~filemode::ofAllButOwner);
}

QString inOctal(uint mode)
{
    return QString::number(mode, 8).rightJustified(4, u'0');
}

bool looksLikeStateFolder(const QString &path)
{
    const StatePaths paths(path);
    return QFileInfo(path).fileName() == ".cyberwave"_L1 ||
           QDir(path).isEmpty(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot) ||
           QFileInfo::exists(paths.nodeLock()) || QFileInfo::exists(paths.instanceIdentity()) ||
           QFileInfo::exists(paths.credentials());
}

} // namespace

bool isOpenToAll(const QString &path)
{
    return (filemode::of(path) & filemode::readByOthers) != 0;
}

Result<Change> closeFile(const QString &path)
{
    const uint mode = filemode::of(path);
    if ((mode & filemode::ofAllButOwner) == 0)
        return Change();
    if (take(path, mode))
        return Change({u"holds a secret and was open to others (mode %1); it is now for its owner only"_s.arg(
                           inOctal(mode)),
                       path, u"If somebody else may have read it, make a new token."_s});
    if ((mode & filemode::ofOthers) == 0)
        return Change();
    return fail(u"holds a secret that everybody on this computer can read, and cannot be closed: "_s +
                    systemError(errno),
                path, u"Let its owner run: chmod 600 %1"_s.arg(path));
}

Result<Change> closeStateFolder(const QString &path)
{
    const uint mode = filemode::of(path);
    if ((mode & filemode::ofAllButOwner) == 0)
        return Change();
    if ((mode & filemode::sticky) != 0 || !looksLikeStateFolder(path))
        return fail(
            u"is open to others (mode %1), and holds things that are not the node's"_s.arg(inOctal(mode)),
            path, u"Choose a folder of its own with --state-dir, or run: chmod 700 %1"_s.arg(path));
    if (!take(path, mode))
        return fail(u"is open to others (mode %1) and cannot be closed: "_s.arg(inOctal(mode)) +
                        systemError(errno),
                    path, u"Let its owner run: chmod 700 %1"_s.arg(path));
    return Change(
        {u"was open to others (mode %1); it is now for its owner only"_s.arg(inOctal(mode)), path, {}});
}

} // namespace cloudnode::privatefiles
