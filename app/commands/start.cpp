#include "commands/start.h"

#include "exitcodes.h"
#include "logging.h"

#include <QDebug>

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

/// Runs the node until it stops. Returns an ExitCode.
int runNode(const LoadedConfig &loaded)
{
    qInfo().noquote() << u"the configuration is complete; the broker is %1:%2"_s.arg(loaded.config.mqttHost)
                             .arg(loaded.config.mqttPort);
    return ExitOk;
}

} // namespace

int runStart(const StartOptions &options)
{
    logging::install(options.node.verbose ? logging::Verbosity::Debug : logging::Verbosity::Normal);
    const Result<LoadedConfig> loaded = loadConfig(options.node.request());
    if (!loaded) {
        qCritical().noquote() << loaded.error().text();
        return ExitConfiguration;
    }
    logging::hide(loaded->secretMask());
    logFindings(*loaded);
    if (const auto token = requireToken(*loaded); !token) {
        qCritical().noquote() << token.error().text();
        return ExitNoToken;
    }
    return runNode(*loaded);
}

} // namespace cloudnode
