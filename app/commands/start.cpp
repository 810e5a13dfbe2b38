#include "commands/start.h"

#include "announcement.h"
#include "commandline.h"
#include "config/configsources.h"
#include "config/statepaths.h"
#include "desktop/desktoploader.h"
#include "desktop/programhost.h"
#include "logging.h"
#include "node/cloudnode.h"
#include "node/exitcodes.h"
#include "platform/selfprotection.h"

#include <QCoreApplication>
#include <QDebug>
#include <QFile>
#include <QFileInfo>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

int runHeadless(const NodeOptions &options)
{
    const Result<LoadedConfig> loaded = loadConfig(options.request());
    if (!loaded) {
        qCritical().noquote() << loaded.error().text();
        return exitcode::cannotStart;
    }
    announce(*loaded);
    if (const auto token = requireToken(loaded->config); !token) {
        qCritical().noquote() << token.error().text();
        return exitcode::noToken;
    }
    return CloudNode(loaded->config).run();
}

int runDesktop(const NodeOptions &options, ProgramArguments arguments)
{
    const auto desktop = loadDesktop();
    if (!desktop) {
        qCritical().noquote() << desktop.error().text();
        return exitcode::cannotStart;
    }
    return (*desktop)->run(arguments.count, arguments.values,
                           [&options] { return std::make_unique<ProgramHost>(options); });
}

/// One file in /etc starts us for everybody who logs in. That makes nobody a node who has not saved settings
/// in our window before.
bool isWantedAtLogin(const NodeOptions &options)
{
    const StatePaths paths(ConfigFolders(options.request()).state);
    return hasDisplay() && hasDesktop() && QFileInfo::exists(paths.desktopSettings());
}

/// The Python program of that name has no window, and those who call it expect none.
bool isDropIn(ProgramArguments arguments)
{
    return QFileInfo(QFile::decodeName(arguments.values[0])).fileName() == u"cyberwave-cloud-node";
}

} // namespace

int runStart(const StartOptions &options, ProgramArguments arguments)
{
    selfprotection::surviveMemoryShortage();
    selfprotection::hideMemory(); // before there is a secret in it
    logging::install(options.node.verbose ? logging::Verbosity::Debug : logging::Verbosity::Normal);
    if (options.autostart && !isWantedAtLogin(options.node))
        return exitcode::ok;
    if (!options.headless && hasDisplay() && !isDropIn(arguments))
        return runDesktop(options.node, arguments);
    const QCoreApplication application(arguments.count, arguments.values);
    return runHeadless(options.node);
}

void addStartCommand(CommandLine &line)
{
    const auto options = std::make_shared<StartOptions>();
    const auto run = [&line, options] {
        options->node = line.node();
        return runStart(*options, line.arguments());
    };
    const auto addOptions = [&line, options](CommandOptions command) {
        line.node().addTo(command);
        command.flag("--headless", options->headless, "Run without tray icon and window");
        // Only the desktop looks at it.
        command.flag("--tray", options->tray, "Start in the tray, without opening the window");
        command.hiddenFlag("--autostart", options->autostart); // for the autostart file in /etc alone
    };
    addOptions(line.program());
    line.setDefault(run);
    line.addBare("start", "Run the node (the default)", addOptions, run);
}

} // namespace cloudnode
