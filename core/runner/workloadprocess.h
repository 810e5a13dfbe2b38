#pragma once

#include "platform/descriptor.h"
#include "record/recordfolder.h"
#include "runner/options.h"
#include "runner/startdraft.h"

#include <tl/expected.hpp>

#include <chrono>
#include <string>

namespace cloudnode {

/// The workload's first process. It puts its own start on record, as the last thing before it execs.
class WorkloadProcess {
public:
    /// Opens its working directory. Nothing runs yet. Errors: what cannot be opened, and why.
    static tl::expected<WorkloadProcess, std::string> prepare(const StartOptions &options);

    /// Opens its logs (appended to, 0600). Errors: likewise.
    tl::expected<void, std::string> openLogs();

    /// Where its start is recorded: `draft` is staged in `folder`, in `file`.
    struct Start {
        const RecordFolder &folder;
        const StartDraft &draft;
        int file = -1;
    };
    /// Runs it in a session of its own. Returns when it has exec'ed. Errors: what was refused, such as the
    /// program, and the system's reason; it has then ended, and its start may be on record or not.
    tl::expected<void, std::string> run(const Start &start);

    pid_t pid() const { return m_pid; }
    std::chrono::nanoseconds begun() const { return m_begun; } ///< by the clock since boot
    /// Brings what it has written safely to the disk.
    void syncLogs() const;

private:
    WorkloadProcess() = default;
    [[noreturn]] void become(const Start &start);
    [[noreturn]] void giveUp(std::string what);

    char **m_program = nullptr;
    Limits m_limits;
    std::string m_folderName;
    std::string m_stdoutPath;
    std::string m_stderrPath;
    Descriptor m_stdout;
    Descriptor m_stderr;
    Descriptor m_workingDirectory;
    pid_t m_pid = -1;
    std::chrono::nanoseconds m_begun{};
    std::string m_failure;
};

} // namespace cloudnode
