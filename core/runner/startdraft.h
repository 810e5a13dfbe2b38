#pragma once

#include "platform/processstat.h"
#include "runner/seat.h"

#include <string>

namespace cloudnode {

/// started.json before the start. All but the workload's own number is known, and can be on the disk, before
/// its process is there; the process fills that in itself. It need not outlive a power cut, as no process
/// does.
class StartDraft {
public:
    explicit StartDraft(const Seat &supervisor);

    /// With blanks for what is not known yet: a process 0.
    const std::string &text() const { return m_text; }
    /// Fills the blanks of `file`, which holds text(). Allocates nothing. False with errno set if the system
    /// refuses.
    bool complete(int file, const ProcessStat &workload) const;

private:
    std::string m_text;
    std::size_t m_pidAt;
    std::size_t m_ticksAt;
};

} // namespace cloudnode
