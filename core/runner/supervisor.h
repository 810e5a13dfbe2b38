#pragma once

#include "record/recordfolder.h"
#include "runner/options.h"
#include "runner/seat.h"
#include "runner/workloadprocess.h"

#include <chrono>
#include <optional>

namespace cloudnode {

/// Stays with one workload from before its first process to after its last, and writes its records.
/// As their parent it can neither miss an end nor hit a stranger who has got a process's number later.
///
/// It listens to signals: SIGTERM and SIGINT are passed on to the workload's group, and whatever of its tree
/// is left after the grace is killed; SIGUSR1 kills the tree at once.
class Supervisor {
public:
    /// Whether the workload is to run as soon as it can, or only when a byte comes through `report`: whoever
    /// is to send it may find out meanwhile that it is not to run at all, and closes its end then.
    enum class Consent { Given, Awaited };

    /// `folder` is locked. `report` takes a word for the waiting starter: see record/launchorder.h.
    Supervisor(const StartOptions &options, RecordFolder folder, const Seat &seat, Descriptor &report,
               Consent consent);

    /// Everything from the fork to the exit record. False unless that is written, and no process is left:
    /// this one could do the same for another workload then.
    bool run();

private:
    using Clock = std::chrono::steady_clock;
    using Deadline = std::optional<Clock::time_point>;
    /// How the workload's first process ended.
    struct MainEnd {
        int status = 0; ///< as of waitpid
        std::string at; ///< by the wall clock
        std::chrono::nanoseconds duration{};
    };
    /// What its processes have used; this one may have had other children before, so the system's own sum is
    /// of no use.
    struct Usage {
        double cpuSeconds = 0;
        long long peakMemoryKiB = 0;
    };

    tl::expected<void, std::string> prepare();
    bool hasConsent() const;
    tl::expected<void, std::string> start();
    void supervise();
    void reap();
    void reapAll();
    void mainEnded(int status);
    void endLeftovers();
    void waitForNews();
    void takeSignals();
    void passOn(int signal);
    void actOnDeadlines();
    void syncStart();
    void killRound();
    bool isFinished() const;
    std::string exitRecord() const;
    void recordNotStarted(const std::string &reason);
    bool recordEnd(const std::string &record);
    void tellStarter(char kind, const std::string &text = {});

    const StartOptions &m_options;
    RecordFolder m_folder;
    const Seat &m_seat;
    Descriptor &m_report;
    Consent m_consent;
    std::optional<Cgroup> m_cgroup;
    std::optional<WorkloadProcess> m_process; // may live in m_cgroup
    std::optional<StartDraft> m_draft;
    Descriptor m_startFile; ///< holds m_draft, staged
    std::optional<MainEnd> m_mainEnd;
    Usage m_usage; ///< of those that have ended
    bool m_childless = false;
    bool m_cancelling = false;
    bool m_timedOut = false;
    Deadline m_timeout;   ///< the workload's time is up
    Deadline m_kill;      ///< the next round of SIGKILL
    Deadline m_giveUp;    ///< for leftovers that not even SIGKILL ends
    Deadline m_startSync; ///< the record of the start is to be brought to the disk
    std::chrono::milliseconds m_killPause{10};
};

} // namespace cloudnode
