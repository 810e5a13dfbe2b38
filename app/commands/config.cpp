#include "commands/config.h"

#include "commandline.h"
#include "configreport.h"
#include "console.h"
#include "node/exitcodes.h"
#include "platform/selfprotection.h"

#include <QJsonDocument>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

int runConfig(const ConfigOptions &options)
{
    selfprotection::hideMemory();
    const Result<LoadedConfig> loaded = loadConfig(options.node.request());
    if (!loaded) {
        console::printError(loaded.error());
        return exitcode::cannotStart;
    }
    for (const Error &warning : loaded->warnings)
        console::printWarning(warning);
    for (const Error &note : loaded->notes)
        console::printNote(note);
    const ConfigReport report(*loaded);
    console::print(options.json ? QString::fromUtf8(QJsonDocument(report.json()).toJson()).trimmed()
                                : report.text());
    return exitcode::ok;
}

void addConfigCommand(CommandLine &line)
{
    const auto json = std::make_shared<bool>(false);
    line.add(
        "config", "Show every setting and where it comes from",
        [&line, json](CommandOptions command) {
            line.node().addTo(command);
            command.flag("--json", *json, "Print JSON");
        },
        [&line, json] {
            return runConfig({line.node(), *json});
        });
}

} // namespace cloudnode
