#include "runner/startworkload.h"

#include "base/jsonobject.h"
#include "record/launchorder.h"
#include "record/recordfolder.h"
#include "record/recordnames.h"
#include "runner/supervisor.h"
#include "runner/surroundings.h"

#include <fcntl.h>
#include <poll.h>

#include <cerrno>
#include <cstring>

namespace cloudnode {

namespace {

constexpr int lockPauseMs = 10;
constexpr int supervisorTries = 5;
constexpr int lockTries = 3000; // half a minute: another call fsyncs between its lock and its record

int refuse(const std::string &reason)
{
    writeAll(STDOUT_FILENO, JsonObject().add(recordnames::error, reason).line());
    return 1;
}

/// Prints what is on record, if anything is, and returns the exit status for it.
std::optional<int> reportRecord(const RecordFolder &folder)
{
    const auto end = folder.read(recordnames::exitFile);
    const auto start = folder.read(recordnames::startedFile);
    // Inside a JSON string these quotes would be escaped, so they can only be the member itself.
    const bool refused = end && end->find("\"outcome\":\"not_started\"") != std::string::npos;
    if (!end && !start)
        return std::nullopt;
    const bool started = start && !refused;
    writeAll(STDOUT_FILENO, started ? *start : *end);
    return started ? 0 : 1;
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

/// What a supervisor has to say once the workload runs or cannot; empty if it was killed before that. Errors:
/// there is none, and why.
tl::expected<std::string, std::string> askSupervisor(const StartOptions &options, RecordFolder &folder)
{
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) != 0)
        return tl::make_unexpected(std::string("cannot make a pipe: ") + std::strerror(errno));
    Descriptor reader(ends[0]);
    Descriptor writer(ends[1]);
    const pid_t supervisor = ::fork();
    if (supervisor < 0)
        return tl::make_unexpected(std::string("cannot make a process: ") + std::strerror(errno));
    if (supervisor == 0) {
        reader.close();
        surroundings::detach();
        const Seat seat = Seat::take();
        Supervisor(options, std::move(folder), seat, writer, Supervisor::Consent::Given).run();
        ::_exit(0);
    }
    writer.close();
    return readToEnd(reader.get());
}

int launch(const StartOptions &options, RecordFolder folder)
{
    for (int i = 0; i < supervisorTries; ++i) {
        const auto told = askSupervisor(options, folder);
        if (!told)
            return refuse(told.error());
        if (told->starts_with(reportword::failed))
            return refuse(told->substr(1));
        if (const auto known = reportRecord(folder))
            return *known;
        // It was killed before it wrote a record, and before that it lets nothing run.
    }
    return refuse("the supervisor was killed before it could begin");
}

} // namespace

int startWorkload(const StartOptions &options)
{
    auto folder = RecordFolder::open(options.directory);
    if (!folder)
        return refuse(folder.error());
    for (int i = 0; i < lockTries; ++i) {
        const auto locked = folder->tryLock();
        if (!locked)
            return refuse(locked.error());
        // Only now: whoever had the lock before us may have written one meanwhile.
        if (const auto known = reportRecord(*folder))
            return *known;
        if (*locked)
            return launch(options, std::move(*folder));
        ::poll(nullptr, 0, lockPauseMs);
    }
    return refuse("another process holds the lock of " + folder->path() + " and writes no record");
}

bool superviseWorkload(const StartOptions &options, const Seat &seat, Descriptor folder, Descriptor &report)
{
    RecordFolder records(options.directory, std::move(folder));
    const auto locked = records.tryLock();
    return locked && *locked && !records.has(recordnames::startedFile) &&
           !records.has(recordnames::exitFile) &&
           Supervisor(options, std::move(records), seat, report, Supervisor::Consent::Awaited).run();
}

} // namespace cloudnode
