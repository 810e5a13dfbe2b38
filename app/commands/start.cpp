#include "commands/start.h"

#include "commandline.h"
#include "logging.h"
#include "node/cloudnode.h"
#include "node/exitcodes.h"

#include <QDebug>

#include <CLI/CLI.hpp>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

void logFindings(const LoadedConfig &loaded)
{
    for (const Error &warning : loaded.warnings)
        qWarning().noquote() << warning.text();
    for (const Error &note : loaded.notes)
        qInfo().noquote() << note.text();
    const NodeConfig &config = loaded.config;
    if (config.inference.isEmpty() && config.training.isEmpty() && config.simulate.isEmpty())
        qWarning().noquote() << u"no command is configured: the node will refuse all work. "
                                "Set training or inference in %1/cyberwave.yml."_s.arg(
                                    config.workingDirectory);
}

} // namespace

int runStart(const StartOptions &options)
{
    logging::install(options.node.verbose ? logging::Verbosity::Debug : logging::Verbosity::Normal);
    const Result<LoadedConfig> loaded = loadConfig(options.node.request());
    if (!loaded) {
        qCritical().noquote() << loaded.error().text();
        return exitcode::cannotStart;
    }
    logging::hide(loaded->secretMask());
    logFindings(*loaded);
    if (const auto token = requireToken(loaded->config); !token) {
        qCritical().noquote() << token.error().text();
        return exitcode::noToken;
    }
    return CloudNode(loaded->config).run();
}

void addStartCommand(CommandLine &line)
{
    const auto headless = std::make_shared<bool>(false);
    const auto run = [&line, headless] { return runStart({line.node(), *headless}); };
    for (CLI::App *app : {&line.program(), &line.add("start", "Run the node (the default)", run)}) {
        line.node().addTo(*app);
        app->add_flag("--headless", *headless, "Run without tray icon and window");
    }
    line.setDefault(run);
}

} // namespace cloudnode
