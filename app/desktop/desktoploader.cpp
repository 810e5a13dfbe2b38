#include "desktop/desktoploader.h"

#include "control/desktop.h"
#include "platform/thisprogram.h"

#include <QDir>
#include <QFileInfo>
#include <QPluginLoader>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

const QString withoutIt = u"or run without window: cloudnode --headless"_s;

/// There is no application yet which could tell: which one it will be is the plugin's choice.
QDir folderOfThisProgram()
{
    return QFileInfo(thisprogram::path()).dir();
}

QString findPlugin()
{
    const QDir here = folderOfThisProgram();
    // Beside the program in a build; as installed, wherever that was moved to; and where it was configured to
    // be.
    for (const QString &folder : {here.path(), here.filePath(QStringLiteral(CLOUDNODE_RELATIVE_PLUGIN_DIR)),
                                  QStringLiteral(CLOUDNODE_PLUGIN_DIR)}) {
        const QString path = QDir(folder).filePath(u"libcloudnode-ui.so"_s);
        if (QFileInfo(path).isFile())
            return path;
    }
    return {};
}

} // namespace

bool hasDisplay()
{
    return !qEnvironmentVariableIsEmpty("DISPLAY") || !qEnvironmentVariableIsEmpty("WAYLAND_DISPLAY") ||
           !qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM");
}

bool hasDesktop()
{
    return !findPlugin().isEmpty();
}

Result<DesktopPlugin *> loadDesktop()
{
    const QString path = findPlugin();
    if (path.isEmpty())
        return fail(u"the desktop part of cloudnode is not installed"_s, {},
                    u"Install the package cyberwave-cloud-node-gui, %1"_s.arg(withoutIt));
    QPluginLoader loader(path);
    auto *plugin = qobject_cast<DesktopPlugin *>(loader.instance());
    if (!plugin)
        return fail(u"the desktop part of cloudnode cannot be loaded: "_s + loader.errorString(), path,
                    u"Install the package cyberwave-cloud-node-gui again, %1"_s.arg(withoutIt));
    return plugin;
}

} // namespace cloudnode
