#include "bench/caller.h"

#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::bench {

namespace {

enum class Kind { Acknowledgement, Result };

Kind kindOf(const QJsonObject &response)
{
    const bool runs = response[u"workload"_s][u"status"_s] == u"running"_s;
    return runs ? Kind::Acknowledgement : Kind::Result;
}

} // namespace

Caller::Caller(quint16 brokerPort, QString node) : m_wire(brokerPort), m_node(std::move(node))
{
    connect(&m_wire, &Wire::answered, this, &Caller::take);
}

Caller::Call Caller::call(const QString &command)
{
    const QString requestId = u"bench-%1"_s.arg(++m_calls);
    return {requestId, m_wire.command(m_node, command, requestId)};
}

std::optional<Clock::time_point> Caller::waitForEnd(const Call &call)
{
    runUntil([&] { return m_ends.contains(call.requestId); });
    if (!m_ends.contains(call.requestId) || m_failed.contains(call.requestId))
        return std::nullopt;
    return m_ends.value(call.requestId);
}

bool Caller::waitUntilRunning(int count)
{
    const bool all = runUntil([&] { return m_running >= count; });
    m_running = 0;
    return all;
}

void Caller::take(const QJsonObject &response, Clock::time_point at)
{
    if (kindOf(response) == Kind::Acknowledgement) {
        ++m_running;
        return;
    }
    const QString requestId = response[u"request_id"_s].toString();
    m_ends.insert(requestId, at);
    if (response[u"status"_s] != u"ok"_s)
        m_failed.insert(requestId);
}

} // namespace cloudnode::bench
