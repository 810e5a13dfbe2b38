#include "runner/startdraft.h"

#include "base/jsonobject.h"
#include "record/recordnames.h"
#include "runner/timestamp.h"

#include <cinttypes>
#include <cstdio>

namespace cloudnode {

namespace {

constexpr int pidWidth = 10;
constexpr int ticksWidth = 20; // the longest of 64 bits

std::string textFor(const Seat &supervisor)
{
    return JsonObject()
        .add(recordnames::version, static_cast<long long>(recordnames::formatVersion))
        .addPadded(recordnames::pid, 0, pidWidth)
        .addPadded(recordnames::startTicks, 0, ticksWidth)
        .add(recordnames::supervisorPid, static_cast<long long>(supervisor.self.pid))
        .add(recordnames::supervisorStartTicks, static_cast<unsigned long long>(supervisor.self.startTicks))
        .add(recordnames::bootId, supervisor.bootId)
        .add(recordnames::startedAt, wallClock())
        .line();
}

std::size_t placeOf(const std::string &text, const char *key)
{
    const std::string before = std::string("\"") + key + "\":";
    return text.find(before) + before.size();
}

bool put(int file, std::size_t at, std::uint64_t number, int width)
{
    char text[ticksWidth + 1];
    const int size = std::snprintf(text, sizeof text, "%*" PRIu64, width, number);
    return ::pwrite(file, text, static_cast<std::size_t>(size), static_cast<off_t>(at)) == size;
}

} // namespace

StartDraft::StartDraft(const Seat &supervisor)
    : m_text(textFor(supervisor)),
      m_pidAt(placeOf(m_text, recordnames::pid)),
      m_ticksAt(placeOf(m_text, recordnames::startTicks))
{
}

bool StartDraft::complete(int file, const ProcessStat &workload) const
{
    return put(file, m_pidAt, static_cast<std::uint64_t>(workload.pid), pidWidth) &&
           put(file, m_ticksAt, workload.startTicks, ticksWidth);
}

} // namespace cloudnode
