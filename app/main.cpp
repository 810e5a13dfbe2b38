#include "commands/config.h"
#include "commands/start.h"
#include "commands/submit.h"
#include "node/exitcodes.h"

#include <QCoreApplication>

#include <CLI/CLI.hpp>

namespace {

const char *const exitCodes = R"(Exit codes:
  0   done, or stopped as asked
  1   a wrong value in the configuration, or the start failed
  2   the command line was not understood
  70  the install script failed
  77  the backend does not accept the token
  78  there is no token
submit returns 0 for a result that is ok, otherwise the workload's own exit code, or
  69  no broker or no node answered
  124 there was no result within --timeout
)";

/// --help and --version are no errors, though CLI11 throws them too.
int endParsing(const CLI::App &app, const CLI::ParseError &reason)
{
    return app.exit(reason) == 0 ? cloudnode::exitcode::ok : cloudnode::exitcode::usage;
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication application(argc, argv);

    CLI::App app("Turns this computer into a Cyberwave Cloud Node.", "cloudnode");
    app.set_version_flag("--version", "cloudnode " CLOUDNODE_VERSION, "Print the version and end");
    app.set_help_flag("-h,--help", "Print this help and end");
    app.require_subcommand(0, 1);
    app.footer(exitCodes);

    cloudnode::NodeOptions node;
    bool headless = false;
    node.addTo(app);
    app.add_flag("--headless", headless, "Run without tray icon and window");

    CLI::App *start = app.add_subcommand("start", "Run the node (the default)");
    start->footer("");
    node.addTo(*start);
    start->add_flag("--headless", headless, "Run without tray icon and window");

    bool json = false;
    CLI::App *config = app.add_subcommand("config", "Show every setting and where it comes from");
    config->footer("");
    node.addTo(*config);
    config->add_flag("--json", json, "Print JSON");

    cloudnode::SubmitOptions submission;
    CLI::App *submit = app.add_subcommand("submit", "Send a command to a node and wait for its result");
    submit->footer("");
    submit->add_option("--to", submission.target, "Slug or uuid of the node")->required();
    submit->add_option("command", submission.command, "inference, training, simulate, status or cancel")
        ->required();
    submit->add_option("--params", submission.params,
                       "Parameters: JSON, or @ and the name of a file that holds it");
    submit->add_option("--request-id", submission.requestId, "Id of the request; a new one by default");
    submit->add_option("--timeout", submission.timeoutSeconds, "Seconds to wait for the result; 0: for ever");
    submit->add_flag("--json", submission.json, "Print the responses as they come, one a line");
    node.addTo(*submit);

    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError &reason) {
        return endParsing(app, reason);
    }
    if (config->parsed())
        return cloudnode::runConfig({node, json});
    if (submit->parsed()) {
        submission.node = node;
        return cloudnode::runSubmit(submission);
    }
    return cloudnode::runStart({node, headless});
}
