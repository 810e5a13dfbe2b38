#include "runner/workloadprocess.h"

#include "record/recordfolder.h"
#include "runner/surroundings.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

namespace cloudnode {

namespace {

std::string problem(const std::string &what, int errorNumber)
{
    return what + ": " + std::strerror(errorNumber);
}

tl::expected<Descriptor, std::string> openLog(const std::string &path)
{
    Descriptor log(::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY, 0600));
    // The mode too: a file that was there before may be open to everyone.
    if (!log.isOpen() || ::fchmod(log.get(), 0600) != 0)
        return tl::make_unexpected(problem("cannot open the log " + path, errno));
    return log;
}

bool makePipe(Descriptor &reader, Descriptor &writer)
{
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return false;
    reader = Descriptor(ends[0]);
    writer = Descriptor(ends[1]);
    return true;
}

std::string readToEnd(int fd)
{
    std::string text;
    char buffer[512];
    for (;;) {
        const ssize_t n = ::read(fd, buffer, sizeof buffer);
        if (n > 0)
            text.append(buffer, static_cast<std::size_t>(n));
        else if (n == 0 || errno != EINTR)
            return text;
    }
}

} // namespace

tl::expected<WorkloadProcess, std::string> WorkloadProcess::hold(const StartOptions &options)
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
    if (auto forked = process.fork(); !forked)
        return tl::make_unexpected(forked.error());
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

tl::expected<void, std::string> WorkloadProcess::fork()
{
    if (!makePipe(m_goReader, m_goWriter) || !makePipe(m_failureReader, m_failureWriter))
        return tl::make_unexpected(problem("cannot make a pipe", errno));
    const pid_t pid = ::fork();
    if (pid < 0)
        return tl::make_unexpected(problem("cannot make a process", errno));
    if (pid == 0)
        become();
    m_goReader.close();
    m_failureWriter.close();
    const auto identity = ProcessStat::read(pid);
    if (!identity) // it waits for us to let it go, so it is there; what is missing can only be /proc
        return tl::make_unexpected(std::string("cannot read /proc, which tells processes apart"));
    m_identity = *identity;
    return {};
}

void WorkloadProcess::become()
{
    m_goWriter.close(); // ours would keep the pipe open when the supervisor is killed
    m_failureReader.close();
    ::setsid();
    if (::fchdir(m_workingDirectory.get()) != 0)
        giveUp("cannot enter the working directory " + m_folderName);
    surroundings::resetSignals();
    char go = 0;
    if (::read(m_goReader.get(), &go, 1) != 1)
        ::_exit(127); // nobody is left to record what we would do
    writeInto(m_stdoutPath, STDOUT_FILENO);
    writeInto(m_stderrPath, STDERR_FILENO);
    if (const auto refused = m_limits.applyToSelf())
        giveUp(*refused);
    ::execvp(m_program[0], m_program);
    giveUp(std::string("cannot run ") + m_program[0]);
}

/// Our parent has opened it, but after we were made.
void WorkloadProcess::writeInto(const std::string &log, int fd)
{
    const auto opened = openLog(log);
    if (!opened || ::dup2(opened->get(), fd) < 0)
        giveUp("cannot write into the log " + log);
}

void WorkloadProcess::giveUp(const std::string &what)
{
    writeAll(m_failureWriter.get(), problem(what, errno));
    ::_exit(127);
}

tl::expected<void, std::string> WorkloadProcess::release()
{
    const bool told = writeAll(m_goWriter.get(), "!");
    m_goWriter.close();
    // The pipe ends without a word when exec has closed it.
    const std::string failure = readToEnd(m_failureReader.get());
    m_failureReader.close();
    m_workingDirectory.close();
    if (!failure.empty())
        return tl::make_unexpected(failure);
    if (!told)
        return tl::make_unexpected(std::string("the process was killed before it could begin"));
    return {};
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
