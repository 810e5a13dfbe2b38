#include "commandline.h"

#include "base/version.h"
#include "node/exitcodes.h"

#include <QCoreApplication>

#include <CLI/CLI.hpp>

namespace cloudnode {

namespace {

const char *const exitCodes = R"(Exit codes:
  0   done, or stopped as asked
  1   a wrong value in the configuration, the start failed, the node refused,
      or doctor found something wrong
  2   the command line was not understood
  69  no node is running with this state directory
  70  the install script failed
  77  the backend does not accept the token
  78  there is no token
submit returns 0 for a result that is ok, otherwise the workload's own exit code, or
  69  no broker or no node answered
  124 there was no result within --timeout
)";

} // namespace

CommandLine::CommandLine(int argc, char *argv[])
    : m_argc(argc),
      m_argv(argv),
      m_program(std::make_unique<CLI::App>("Turns this computer into a Cyberwave Cloud Node.", "cloudnode"))
{
    m_program->set_version_flag("--version", std::string("cloudnode ") + version(),
                                "Print the version and end");
    m_program->set_help_flag("-h,--help", "Print this help and end");
    m_program->require_subcommand(0, 1);
    m_program->footer(exitCodes);
}

CommandLine::~CommandLine() = default;

void CommandLine::add(const char *name, const char *about, Options options, Run run)
{
    addBare(name, about, std::move(options), [this, run = std::move(run)] {
        const QCoreApplication application(m_argc, m_argv);
        return run();
    });
}

void CommandLine::addBare(const char *name, const char *about, Options options, Run run)
{
    CLI::App *command = m_program->add_subcommand(name, about);
    command->footer("");
    command->preparse_callback([command, options = std::move(options)](std::size_t /*words*/) {
        options(CommandOptions(*command));
    });
    command->final_callback([this, run = std::move(run)] { m_run = run; });
}

int CommandLine::run()
{
    try {
        m_program->parse(m_argc, m_argv);
    } catch (const CLI::ParseError &reason) {
        // --help and --version are no errors, though CLI11 throws them too.
        return m_program->exit(reason) == 0 ? exitcode::ok : exitcode::usage;
    }
    return m_run();
}

} // namespace cloudnode
