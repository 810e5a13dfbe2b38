#include "node/responsesender.h"

#include "cloud/commandlink.h"

#include <algorithm>

namespace cloudnode {

namespace {

// Enough to keep a broker busy, few enough that a thousand waiting results are not all in memory at once.
constexpr int window = 32;

} // namespace

ResponseSender::ResponseSender(CommandLink &link, QObject *parent) : QObject(parent), m_link(link)
{
    connect(&link, &CommandLink::up, this, &ResponseSender::startOver);
    connect(&link, &CommandLink::acknowledged, this, &ResponseSender::settle);
}

void ResponseSender::setTopic(const QString &topic)
{
    m_topic = topic;
    publishMore();
}

void ResponseSender::send(std::function<QByteArray()> compose, std::function<void()> delivered)
{
    m_entries.emplace(m_next++, Entry{.compose = std::move(compose), .delivered = std::move(delivered)});
    publishMore();
}

void ResponseSender::startOver()
{
    for (auto &[number, entry] : m_entries) {
        entry.ticket.reset();
        entry.unsendable = false;
    }
    m_underWay = 0;
    publishMore();
}

void ResponseSender::publishMore()
{
    if (m_topic.isEmpty() || !m_link.isUp())
        return;
    for (auto next = m_entries.begin(); next != m_entries.end() && m_underWay < window;) {
        const auto current = next++;
        Entry &entry = current->second;
        if (entry.ticket || entry.unsendable)
            continue;
        const QByteArray response = entry.compose();
        if (response.isEmpty()) { // what it was about has been removed
            m_entries.erase(current);
            continue;
        }
        entry.ticket = m_link.publish(m_topic, response);
        if (entry.ticket)
            ++m_underWay;
        else if (m_link.isUp())
            entry.unsendable = true;
        else
            return;
    }
}

void ResponseSender::settle(qint32 ticket)
{
    const auto found = std::find_if(m_entries.begin(), m_entries.end(),
                                    [ticket](const auto &entry) { return entry.second.ticket == ticket; });
    if (found == m_entries.end())
        return;
    const std::function<void()> delivered = std::move(found->second.delivered);
    m_entries.erase(found);
    --m_underWay;
    if (delivered)
        delivered();
    publishMore();
    if (m_entries.empty())
        emit drained();
}

} // namespace cloudnode
