#include "desktop/desktopconfig.h"

#include "config/configsources.h"

#include <QFileInfo>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

/// Moves the request into the project folder. What the command line named relative to the current one stays.
void enter(ConfigRequest &request, const QString &folder)
{
    if (!request.stateDir.isEmpty())
        request.stateDir = absolutePath(request.stateDir, request.currentDirectory, request.homeFolder);
    request.currentDirectory = folder;
}

} // namespace

Result<LoadedConfig> loadDesktopConfig(const NodeOptions &options, const DesktopSettings &settings)
{
    ConfigRequest request = options.request();
    if (request.slug.isEmpty())
        request.slug = settings.slugHint;
    if (request.profile.isEmpty())
        request.profile = settings.profileSlug;
    if (request.configFile.isEmpty() && !settings.projectFolder.isEmpty()) {
        const QString folder =
            absolutePath(settings.projectFolder, request.currentDirectory, request.homeFolder);
        if (!QFileInfo(folder).isDir())
            return fail(u"there is no such project folder"_s, folder, u"Choose another in the settings."_s);
        enter(request, folder);
    }
    return loadConfig(request).map([&](LoadedConfig loaded) {
        if (settings.maxConcurrentWorkloads > 0)
            loaded.config.maxConcurrentWorkloads = settings.maxConcurrentWorkloads;
        return loaded;
    });
}

} // namespace cloudnode
