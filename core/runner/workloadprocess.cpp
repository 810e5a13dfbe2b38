#include "runner/workloadprocess.h"

#include "record/recordnames.h"
#include "runner/surroundings.h"
#include "runner/timestamp.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>
#include <utility>

namespace cloudnode {

namespace {

std::string problem(std::string what, int errorNumber)
{
    return std::move(what) + ": " + std::strerror(errorNumber);
}

tl::expected<Descriptor, std::string> openLog(const std::string &path)
{
    Descriptor log(::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0600));
    // The mode too: a file that was there before may be open to everyone.
    if (!log.isOpen() || ::fchmod(log.get(), 0600) != 0)
        return tl::make_unexpected(problem("cannot open the log " + path, errno));
    return log;
}

} // namespace

tl::expected<WorkloadProcess, std::string> WorkloadProcess::prepare(const StartOptions &options)
{
    WorkloadProcess process;
    process.m_program = options.program;
    process.m_folderName = options.workingDirectory;
    process.m_limits = options.limits;
    process.m_stdoutPath = options.stdoutPath;
    process.m_stderrPath = options.stderrPath;
    process.m_workingDirectory =
        Descriptor(::open(process.m_folderName.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    if (!process.m_workingDirectory.isOpen())
        return tl::make_unexpected(
            problem("cannot enter the working directory " + process.m_folderName, errno));
    return process;
}

tl::expected<void, std::string> WorkloadProcess::openLogs()
{
    auto out = openLog(m_stdoutPath);
    if (!out)
        return tl::make_unexpected(out.error());
    auto err = openLog(m_stderrPath);
    if (!err)
        return tl::make_unexpected(err.error());
    m_stdout = std::move(*out);
    m_stderr = std::move(*err);
    return {};
}

tl::expected<void, std::string> WorkloadProcess::run(const Start &start)
{
    // Not fork(): to copy our memory for a process that is about to exec would take longer than all the rest.
    // And not posix_spawn(): it cannot put its own start on record. What it would do is done here, and little
    // more.
    const pid_t pid = ::vfork(); // NOLINT(clang-analyzer-security.insecureAPI.vfork)
    if (pid == 0)
        become(start); // NOLINT(clang-analyzer-unix.Vfork)
    if (pid < 0)
        return tl::make_unexpected(problem("cannot make a process", errno));
    m_pid = pid;
    m_workingDirectory.close();
    if (!m_failure.empty())
        return tl::make_unexpected(m_failure);
    if (m_begun.count() == 0)
        return tl::make_unexpected(std::string("the process was killed before it could begin"));
    return {};
}

/// In the new process, whose memory is that of its parent, which sleeps until we exec or end. So unless
/// something fails, nothing is allocated: if we were killed in the middle of that, the parent would suffer.
void WorkloadProcess::become(const Start &start)
{
    ::setsid();
    if (::fchdir(m_workingDirectory.get()) != 0)
        giveUp("cannot enter the working directory " + m_folderName);
    surroundings::resetSignals();
    if (::dup2(m_stdout.get(), STDOUT_FILENO) < 0 || ::dup2(m_stderr.get(), STDERR_FILENO) < 0)
        giveUp("cannot write into the logs");
    if (const auto refused = m_limits.applyToSelf())
        giveUp(*refused);
    const auto self = ProcessStat::read(::getpid());
    if (!self)
        giveUp("cannot read /proc, which tells processes apart");
    if (!start.draft.complete(start.file, *self))
        giveUp("cannot write its start into " + start.folder.path());
    // From here on nobody may start it again; until here nothing of it has run.
    if (const auto published = start.folder.publish(recordnames::startedFile); !published) {
        m_failure = published.error();
        ::_exit(127);
    }
    m_begun = sinceBoot();
    ::execvp(m_program[0], m_program);
    giveUp(std::string("cannot run ") + m_program[0]);
}

void WorkloadProcess::giveUp(std::string what)
{
    const int reason = errno;
    m_failure = problem(std::move(what), reason);
    ::_exit(127);
}

void WorkloadProcess::syncLogs() const
{
    for (const Descriptor *log : {&m_stdout, &m_stderr}) {
        struct stat info = {};
        const bool isEmpty = ::fstat(log->get(), &info) == 0 && info.st_size == 0;
        if (!isEmpty) // a sync costs milliseconds, whether there is anything to bring to the disk or not
            ::fdatasync(log->get());
    }
}

} // namespace cloudnode
