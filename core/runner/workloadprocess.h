#pragma once

#include "platform/descriptor.h"
#include "platform/processstat.h"
#include "runner/options.h"

#include <tl/expected.hpp>

#include <string>

namespace cloudnode {

/// The workload's first process: made, held back until its start is on record, then let go.
class WorkloadProcess {
public:
    /// Opens its working directory and forks it into a session of its own. It runs nothing yet, and ends by
    /// itself if we do. Errors: what cannot be opened, and why.
    static tl::expected<WorkloadProcess, std::string> hold(const StartOptions &options);

    /// Opens its logs (appended to, 0600), before release(). Errors: likewise.
    tl::expected<void, std::string> openLogs();

    /// Lets it exec, and returns when it has. Errors: the program and the system's reason; it has then ended.
    tl::expected<void, std::string> release();

    const ProcessStat &identity() const { return m_identity; }
    /// Brings what it has written safely to the disk.
    void syncLogs() const;

private:
    WorkloadProcess() = default;
    tl::expected<void, std::string> fork();
    [[noreturn]] void become();
    void writeInto(const std::string &log, int fd);
    [[noreturn]] void giveUp(const std::string &what);

    char **m_program = nullptr;
    Limits m_limits;
    std::string m_folderName;
    std::string m_stdoutPath;
    std::string m_stderrPath;
    Descriptor m_stdout;
    Descriptor m_stderr;
    Descriptor m_workingDirectory;
    Descriptor m_goReader;
    Descriptor m_goWriter;
    Descriptor m_failureReader;
    Descriptor m_failureWriter;
    ProcessStat m_identity;
};

} // namespace cloudnode
