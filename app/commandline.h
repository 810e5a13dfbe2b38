#pragma once

#include "commandoptions.h"
#include "nodeoptions.h"

#include <functional>
#include <memory>

namespace cloudnode {

/// What main() was given.
struct ProgramArguments {
    int &count;
    char **values;
};

/// What cloudnode understands on its command line. Each command adds itself; the one that was given is run.
class CommandLine {
public:
    using Run = std::function<int()>; ///< returns an exit code, see node/exitcodes.h
    using Options = std::function<void(CommandOptions command)>; ///< adds those of a command to it

    CommandLine(int argc, char *argv[]);
    ~CommandLine();
    Q_DISABLE_COPY_MOVE(CommandLine)

    /// The program itself, for options in front of any command.
    CommandOptions program() { return CommandOptions(*m_program); }
    /// The flags that say which node is meant. Read them when the command runs.
    NodeOptions &node() { return m_node; }

    ProgramArguments arguments() { return {m_argc, m_argv}; }

    /// Adds a command, which is run within a QCoreApplication. Its options are only asked for if it is the
    /// one that was given.
    void add(const char *name, const char *about, Options options, Run run);
    /// The same for a command that makes an application of its own.
    void addBare(const char *name, const char *about, Options options, Run run);
    /// What to do when no command was given. It makes an application of its own.
    void setDefault(Run run) { m_run = std::move(run); }

    /// Reads the arguments and runs what they say. Returns an exit code.
    int run();

private:
    int m_argc;
    char **m_argv;
    NodeOptions m_node;
    Run m_run;
    std::unique_ptr<CLI::App> m_program;
};

} // namespace cloudnode
