#include "nodeoptions.h"

#include <CLI/CLI.hpp>

namespace cloudnode {

namespace {

std::string refuseEmpty(std::string &text)
{
    return text.empty() ? "is empty" : "";
}

} // namespace

void NodeOptions::addTo(CLI::App &command)
{
    const CLI::Validator notEmpty(refuseEmpty, "");
    command.add_option("--config", configFile, "Configuration file (default: cyberwave.yml)")
        ->type_name("FILE")
        ->check(notEmpty);
    command.add_flag("--no-config-file", noConfigFile, "Read no cyberwave.yml, even if there is one")
        ->excludes("--config");
    command.add_option("--slug", slug, "Name the node would like to have")
        ->type_name("SLUG")
        ->check(notEmpty);
    command.add_option("--profile", profile, "Profile to register with")->type_name("SLUG")->check(notEmpty);
    command.add_option("--mqtt-host", mqttHost, "MQTT broker")->type_name("HOST")->check(notEmpty);
    command.add_option("--mqtt-port", mqttPort, "Port of the MQTT broker")
        ->type_name("PORT")
        ->check(CLI::Range(1, 65'535));
    addStateDirTo(command);
    command.add_flag("-v,--verbose", verbose, "Log debug messages too");
}

void NodeOptions::addStateDirTo(CLI::App &command)
{
    command.add_option("--state-dir", stateDir, "Where the node keeps its state (default: ~/.cyberwave)")
        ->type_name("DIR")
        ->check(CLI::Validator(refuseEmpty, ""));
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
