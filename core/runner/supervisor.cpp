#include "runner/supervisor.h"

#include "base/jsonobject.h"
#include "platform/processtree.h"
#include "record/launchorder.h"
#include "record/recordnames.h"
#include "runner/timestamp.h"

#include <poll.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>

#include <algorithm>
#include <cerrno>
#include <csignal>

using namespace std::chrono_literals;

namespace cloudnode {

namespace {

constexpr auto leftoverGrace = 2s;     // for what the main process has left behind
constexpr auto leftoverPatience = 10s; // for what SIGKILL does not end: it hangs in the kernel
constexpr auto longestKillPause = 1000ms;
constexpr auto startSyncPause = 100ms; // many are over by then, and nobody should wait for the disk
constexpr auto recordRetryPause = 1s;  // while the disk refuses the exit record

double seconds(const timeval &time)
{
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

JsonObject newRecord()
{
    JsonObject record;
    record.add(recordnames::version, static_cast<long long>(recordnames::formatVersion));
    return record;
}

} // namespace

Supervisor::Supervisor(const StartOptions &options, RecordFolder folder, const Seat &seat, Descriptor &report,
                       Consent consent)
    : m_options(options),
      m_folder(std::move(folder)),
      m_seat(seat),
      m_report(report),
      m_consent(consent)
{
}

bool Supervisor::run()
{
    const auto prepared = prepare();
    if (!hasConsent()) {
        if (m_cgroup)
            m_cgroup->remove();
        return false;
    }
    if (const auto started = prepared.and_then([this] { return start(); }); !started) {
        recordNotStarted(started.error());
        return false;
    }
    (void)!::chdir("/"); // every file is open; we need not keep somebody's disk from being unmounted
    tellStarter(reportword::started);
    supervise();
    m_process->syncLogs();
    const std::string record = exitRecord();
    if (m_cgroup)
        m_cgroup->remove();
    return recordEnd(record) && m_childless;
}

tl::expected<void, std::string> Supervisor::prepare()
{
    if (!m_seat.signals.isOpen())
        return tl::make_unexpected(std::string("the system has no descriptor left"));
    if (const auto reserved = m_folder.reserve({recordnames::exitFile}); !reserved)
        return tl::make_unexpected(reserved.error());
    if (!m_options.limits.cgroup.empty()) {
        auto cgroup = Cgroup::make(m_options.limits.cgroup, m_options.cgroupLimits);
        if (!cgroup)
            return tl::make_unexpected(cgroup.error());
        m_cgroup = std::move(*cgroup);
    }
    auto process = WorkloadProcess::prepare(m_options);
    if (!process)
        return tl::make_unexpected(process.error());
    m_process = std::move(*process);
    m_draft.emplace(m_seat);
    auto staged = m_folder.stage(recordnames::startedFile, m_draft->text());
    if (!staged)
        return tl::make_unexpected(staged.error());
    m_startFile = std::move(*staged);
    return {};
}

/// The logs only now: without consent they may be those of somebody who has started it after us.
tl::expected<void, std::string> Supervisor::start()
{
    return m_process->openLogs().and_then([this] {
        return m_process->run({.folder = m_folder, .draft = *m_draft, .file = m_startFile.get()});
    });
}

bool Supervisor::hasConsent() const
{
    char byte = 0;
    ssize_t size = 1;
    if (m_consent == Consent::Awaited) {
        do
            size = ::read(m_report.get(), &byte, 1);
        while (size < 0 && errno == EINTR);
    }
    return size == 1;
}

void Supervisor::supervise()
{
    if (m_options.timeout > 0s)
        m_timeout = Clock::now() + m_options.timeout;
    m_startSync = Clock::now() + startSyncPause;
    for (reap(); !isFinished(); reap()) {
        waitForNews();
        takeSignals();
        actOnDeadlines();
    }
}

bool Supervisor::isFinished() const
{
    return m_mainEnd && (m_childless || (m_giveUp && Clock::now() >= *m_giveUp));
}

void Supervisor::reap()
{
    const bool wasRunning = !m_mainEnd;
    reapAll();
    // Whatever it has left behind has become our child by then. Most leave nothing, and need no look at every
    // process of the machine.
    if (wasRunning && m_mainEnd && !m_childless)
        endLeftovers();
}

void Supervisor::reapAll()
{
    for (;;) {
        int status = 0;
        rusage usage = {};
        const pid_t pid = ::wait4(-1, &status, WNOHANG, &usage);
        if (pid < 0 && errno == EINTR)
            continue;
        m_childless = pid < 0;
        if (pid <= 0)
            return;
        m_usage.cpuSeconds += seconds(usage.ru_utime) + seconds(usage.ru_stime);
        m_usage.peakMemoryKiB = std::max<long long>(m_usage.peakMemoryKiB, usage.ru_maxrss);
        if (pid == m_process->pid())
            mainEnded(status);
    }
}

void Supervisor::mainEnded(int status)
{
    m_mainEnd = MainEnd{status, wallClock(), sinceBoot() - m_process->begun()};
    m_timeout.reset();
}

void Supervisor::endLeftovers()
{
    std::vector<ProcessStat> leftovers = livingDescendants({::getpid()});
    // A shell dies of the signal at once, and what it has started may still be using its grace: those in the
    // group have been told already, and a second signal often means "at once".
    if (m_cancelling)
        std::erase_if(leftovers, [&](const ProcessStat &p) { return p.group == m_process->pid(); });
    else
        m_kill = Clock::now() + std::min<Clock::duration>(leftoverGrace, m_options.grace);
    signalEach(leftovers, SIGTERM);
}

void Supervisor::waitForNews()
{
    Deadline next;
    for (const Deadline &deadline : {m_timeout, m_kill, m_giveUp, m_startSync}) {
        if (deadline && (!next || *deadline < *next))
            next = deadline;
    }
    int wait = -1; // nothing is due: sleep until a signal comes
    if (next) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(*next - Clock::now());
        wait = static_cast<int>(std::clamp(left, 0ms, std::chrono::milliseconds(24h)).count());
    }
    pollfd news = {m_seat.signals.get(), POLLIN, 0};
    ::poll(&news, 1, wait);
}

void Supervisor::takeSignals()
{
    signalfd_siginfo signal = {};
    while (::read(m_seat.signals.get(), &signal, sizeof signal) == static_cast<ssize_t>(sizeof signal)) {
        if (signal.ssi_signo == SIGUSR1)
            m_kill = Clock::now();
        else if (signal.ssi_signo != SIGCHLD)
            passOn(static_cast<int>(signal.ssi_signo));
    }
}

void Supervisor::passOn(int signal)
{
    if (m_mainEnd)
        return; // what is left is on its way out already
    const pid_t group = m_process->pid();
    ::kill(-group, signal);
    ::kill(-group, SIGCONT);
    m_cancelling = true;
    if (!m_kill)
        m_kill = Clock::now() + m_options.grace;
}

void Supervisor::actOnDeadlines()
{
    const auto now = Clock::now();
    if (m_timeout && now >= *m_timeout) {
        m_timeout.reset();
        m_timedOut = !m_cancelling;
        passOn(SIGTERM);
    }
    if (m_kill && now >= *m_kill)
        killRound();
    if (m_startSync && now >= *m_startSync)
        syncStart();
}

/// What must not be lost it has told already, by being there.
void Supervisor::syncStart()
{
    ::fsync(m_startFile.get());
    m_startFile.close();
    m_startSync.reset();
}

void Supervisor::killRound()
{
    signalEach(livingDescendants({::getpid()}), SIGKILL);
    // Again soon: a process may have forked between our look and our signal.
    m_cancelling = true;
    m_kill = Clock::now() + m_killPause;
    m_killPause = std::min<std::chrono::milliseconds>(m_killPause * 2, longestKillPause);
    if (m_mainEnd && !m_giveUp)
        m_giveUp = Clock::now() + leftoverPatience;
}

std::string Supervisor::exitRecord() const
{
    const int status = m_mainEnd->status;
    const bool exited = WIFEXITED(status);
    JsonObject record = newRecord();
    record.add(recordnames::recordedBy, "runner")
        .add(recordnames::outcome, exited ? recordnames::exited : recordnames::signaled)
        .add(recordnames::exitCode, exited ? std::optional(WEXITSTATUS(status)) : std::nullopt)
        .add(recordnames::signal, exited ? std::nullopt : std::optional(WTERMSIG(status)))
        .add(recordnames::timedOut, m_timedOut)
        .add(recordnames::memoryKills, m_cgroup ? m_cgroup->memoryKills() : 0LL)
        .add(recordnames::endedAt, m_mainEnd->at)
        .add(recordnames::duration, std::chrono::duration<double>(m_mainEnd->duration).count())
        .add(recordnames::peakMemoryKiB, m_usage.peakMemoryKiB)
        .add(recordnames::cpuSeconds, m_usage.cpuSeconds);
    if (!m_childless)
        record.add(recordnames::survivors, static_cast<long long>(livingDescendants({::getpid()}).size()));
    return record.line();
}

void Supervisor::recordNotStarted(const std::string &reason)
{
    const auto written = m_folder.writeEnd(newRecord()
                                               .add(recordnames::recordedBy, "runner")
                                               .add(recordnames::outcome, recordnames::notStarted)
                                               .add(recordnames::reason, reason)
                                               .add(recordnames::endedAt, wallClock())
                                               .line());
    if (written)
        tellStarter(reportword::notStarted);
    else
        tellStarter(reportword::failed, reason);
}

bool Supervisor::recordEnd(const std::string &record)
{
    while (!m_folder.writeEnd(record)) {
        if (!m_folder.has(recordnames::startedFile))
            return false; // somebody has removed the folder
        ::poll(nullptr, 0, std::chrono::milliseconds(recordRetryPause).count());
    }
    return true;
}

void Supervisor::tellStarter(char kind, const std::string &text)
{
    writeAll(m_report.get(), kind + text); // it may have been killed; that is no concern of ours
    if (m_consent == Consent::Given)       // a starter that waits for no more than this
        m_report.close();
}

} // namespace cloudnode
