#include "runner/endorphan.h"

#include "base/jsonobject.h"
#include "platform/descriptor.h"
#include "platform/processtree.h"
#include "record/recordfolder.h"
#include "record/recordnames.h"
#include "runner/surroundings.h"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <cstring>

using namespace std::chrono_literals;

namespace cloudnode {

namespace {

constexpr auto pauseBetweenLooks = 100ms;
constexpr auto patience = 10s; // for what SIGKILL does not end

/// A tree we are no parent of: those whose parent dies fall to somebody else, so we remember whom we saw.
class OrphanedTree {
public:
    explicit OrphanedTree(const ProcessStat &root) : m_members({root}) {}

    /// Forgets those that have ended and adds the descendants of the others.
    void look()
    {
        std::erase_if(m_members, [](const ProcessStat &member) {
            const auto now = ProcessStat::read(member.pid);
            return !now || now->startTicks != member.startTicks || now->isOver();
        });
        std::vector<pid_t> roots;
        for (const ProcessStat &member : m_members)
            roots.push_back(member.pid);
        for (const ProcessStat &found : livingDescendants(roots))
            add(found);
    }
    const std::vector<ProcessStat> &members() const { return m_members; }

private:
    void add(const ProcessStat &found)
    {
        const auto isSame = [&](const ProcessStat &member) { return member.pid == found.pid; };
        if (std::none_of(m_members.begin(), m_members.end(), isSame))
            m_members.push_back(found);
    }

    std::vector<ProcessStat> m_members;
};

void watchUntil(OrphanedTree &tree, std::chrono::steady_clock::duration time, int signal)
{
    const auto deadline = std::chrono::steady_clock::now() + time;
    for (tree.look(); !tree.members().empty(); tree.look()) {
        if (std::chrono::steady_clock::now() >= deadline)
            return;
        if (signal != 0)
            signalEach(tree.members(), signal);
        ::poll(nullptr, 0, std::chrono::milliseconds(pauseBetweenLooks).count());
    }
}

[[noreturn]] void endInBackground(const ProcessStat &workload, const EndOptions &options)
{
    surroundings::detach();
    OrphanedTree tree(workload);
    tree.look();
    if (options.signal != SIGKILL) {
        signalEach(tree.members(), options.signal);
        watchUntil(tree, options.grace, 0);
    }
    watchUntil(tree, patience, SIGKILL);
    ::_exit(0);
}

} // namespace

int endOrphan(const EndOptions &options)
{
    const auto workload = ProcessStat::read(options.pid);
    if (!workload || workload->startTicks != options.startTicks || workload->isOver())
        return 0; // over already
    const pid_t child = ::fork();
    if (child == 0)
        endInBackground(*workload, options);
    if (child > 0)
        return 0;
    const std::string reason = std::string("cannot make a process: ") + std::strerror(errno);
    writeAll(STDOUT_FILENO, JsonObject().add(recordnames::error, reason).line());
    return 1;
}

} // namespace cloudnode
