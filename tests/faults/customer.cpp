#include "faults/customer.h"

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::faults {

Customer::Customer(quint16 brokerPort, quint32 seed) : m_requester(brokerPort), m_chance(seed) {}

void Customer::send(const Job &job)
{
    const QString id = job.requestId();
    m_jobs.insert(id, job);
    m_requester.send(m_node, u"training"_s, id);
    if (m_chance.bounded(8) == 0)
        m_requester.send(m_node, u"training"_s, id);
}

void Customer::sendAny(const QList<Job::Kind> &kinds)
{
    static constexpr int codes[] = {0, 0, 0, 1, 3, 42, 255};
    send({.kind = kinds.at(m_chance.bounded(kinds.size())),
          .exitCode = codes[m_chance.bounded(7)],
          .lines = 1 + m_chance.bounded(5),
          .pause = m_chance.bounded(4),
          .serial = ++m_serial});
}

void Customer::sendUnansweredAgain()
{
    for (auto job = m_jobs.cbegin(); job != m_jobs.cend(); ++job) {
        if (!m_finals.contains(job.key()))
            m_requester.send(m_node, u"training"_s, job.key());
    }
    for (const QString &id : std::as_const(m_cancels)) {
        if (!m_finals.contains(id))
            cancel(id.sliced(cancelIdOf({}).size()));
    }
}

void Customer::catchUp()
{
    for (; m_read < m_requester.all().size(); ++m_read)
        note(m_requester.all().at(m_read));
}

void Customer::note(const QJsonObject &response)
{
    const QString id = response.value("request_id"_L1).toString();
    if (id.isEmpty()) // the broker's word that the node has vanished
        return;
    if (response.value("workload"_L1).toObject().value("status"_L1) != u"running"_s) {
        m_finals[id] << response;
        if (m_jobs.contains(id))
            m_finished.insert(id);
        return;
    }
    ++m_acknowledgements[id];
    if (m_jobs.value(id).isForCancelling() && !m_cancels.contains(cancelIdOf(id)))
        cancel(id);
}

void Customer::cancel(const QString &requestId)
{
    m_cancels.insert(cancelIdOf(requestId));
    m_requester.send(m_node, u"cancel"_s, cancelIdOf(requestId),
                     QJsonObject{{u"workload_request_id"_s, requestId}});
}

bool Customer::isContent() const
{
    return unfinished() == 0 && std::all_of(m_cancels.cbegin(), m_cancels.cend(),
                                            [this](const QString &id) { return m_finals.contains(id); });
}

} // namespace cloudnode::faults
