#include "nodeoptions.h"

#include "commandoptions.h"

namespace cloudnode {

void NodeOptions::addTo(CommandOptions command)
{
    const auto notEmpty = [](const char *shownAs) {
        return TextRules{.shownAs = shownAs, .mayBeEmpty = false};
    };
    command.text("--config", configFile, "Configuration file (default: cyberwave.yml)", notEmpty("FILE"));
    command.flag("--no-config-file", noConfigFile, "Read no cyberwave.yml, even if there is one");
    command.refuseTogether("--no-config-file", "--config");
    command.text("--slug", slug, "Name the node would like to have", notEmpty("SLUG"));
    command.text("--profile", profile, "Profile to register with", notEmpty("SLUG"));
    command.text("--mqtt-host", mqttHost, "MQTT broker", notEmpty("HOST"));
    command.text("--mqtt-port", mqttPort, "Port of the MQTT broker",
                 {.shownAs = "PORT", .numberIn = TextRules::Range{1, 65'535}});
    addStateDirTo(command);
    command.flag("-v,--verbose", verbose, "Log debug messages too");
}

void NodeOptions::addStateDirTo(CommandOptions command)
{
    command.text("--state-dir", stateDir, "Where the node keeps its state (default: ~/.cyberwave)",
                 {.shownAs = "DIR", .mayBeEmpty = false});
}

ConfigRequest NodeOptions::request() const
{
    const auto text = [](const std::string &argument) {
        return QString::fromLocal8Bit(argument.data(), static_cast<qsizetype>(argument.size()));
    };
    ConfigRequest request = ConfigRequest::ofThisProcess();
    request.configFile = text(configFile);
    request.useConfigFile = !noConfigFile;
    request.slug = text(slug);
    request.profile = text(profile);
    request.mqttHost = text(mqttHost);
    request.mqttPort = text(mqttPort);
    request.stateDir = text(stateDir);
    return request;
}

} // namespace cloudnode
