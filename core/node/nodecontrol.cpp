#include "node/nodecontrol.h"

#include "node/canceller.h"
#include "node/eventjournal.h"
#include "node/linefile.h"
#include "node/pause.h"
#include "node/timeline.h"
#include "node/workloadgauge.h"
#include "node/workloadlisting.h"

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

NodeControl::NodeControl(Parts parts) : m_parts(std::move(parts))
{
    connect(&m_parts.journal, &EventJournal::added, &m_events, &ControlEvents::happened);
    connect(&m_parts.pause, &Pause::changed, this, &NodeControl::noteStatus);
    connect(&m_parts.gauge, &WorkloadGauge::measured, this, &NodeControl::noteStatus);
    connect(&m_parts.pool, &WorkloadPool::started, this, &NodeControl::noteStatus);
    connect(&m_parts.pool, &WorkloadPool::ended, this, &NodeControl::workloadEnded);
    connect(&m_parts.canceller, &Canceller::signalled, this, &NodeControl::noteStatus);
}

NodeControl::~NodeControl()
{
    giveUp();
}

JsonText NodeControl::status() const
{
    m_parts.gauge.ask();
    return m_parts.status();
}

QList<JsonText> NodeControl::workloads(bool all, int limit) const
{
    QList<JsonText> listed;
    if (all) {
        for (const Workload &workload : m_parts.pool.latest(limit))
            listed.append(workloadlisting::toJson(workload));
        return listed;
    }
    QList<const Workload *> active = m_parts.pool.active();
    std::reverse(active.begin(), active.end());
    for (const Workload *workload : std::as_const(active).first(std::min<qsizetype>(limit, active.size())))
        listed.append(workloadlisting::toJson(*workload));
    return listed;
}

bool NodeControl::knowsAllWorkloads() const
{
    return m_parts.pool.knowsAll();
}

Result<QJsonArray> NodeControl::timeline(const QString &requestId) const
{
    const auto id = RequestId::parse(requestId);
    if (!id)
        return tl::make_unexpected(id.error());
    if (const Workload *workload = m_parts.pool.find(*id))
        return m_parts.timeline.of(*workload);
    QJsonArray life; // a refused request never became a workload: the events may still know of it
    for (const auto &event : linefile::objectsOf(m_parts.journal.recent())) {
        if (event["request_id"_L1].toVariant().toString() == requestId)
            life.append(QJsonObject{
                {u"at"_s, event["at"_L1]}, {u"what"_s, u"refused"_s}, {u"text"_s, event["text"_L1]}});
    }
    if (life.isEmpty())
        return fail(
            u"no request %1 is known"_s.arg(requestId), {},
            u"Finished workloads are not kept for ever: see keep_finished_days and its kin in the README."_s);
    return life;
}

QByteArrayList NodeControl::recentEvents() const
{
    return m_parts.journal.recent();
}

Result<void> NodeControl::pause()
{
    return m_parts.pause.begin();
}

Result<void> NodeControl::resume()
{
    return m_parts.pause.end();
}

void NodeControl::stop()
{
    QMetaObject::invokeMethod(
        this, [this] { m_parts.stop(); }, Qt::QueuedConnection);
}

void NodeControl::cancel(const CancelWorkload &request, CancelAnswer when, Done done)
{
    const auto key = m_parts.canceller.cancelForOwner(request);
    if (!key)
        return done(tl::make_unexpected(key.error()));
    const Workload *workload = m_parts.pool.findByKey(*key);
    if (when == CancelAnswer::Gone && workload && workload->isActive())
        m_waiting.insert(*key, done);
    else
        done(accepted(*key));
}

void NodeControl::giveUp()
{
    const auto waiting = std::exchange(m_waiting, {});
    for (const Done &done : waiting)
        done(fail(u"the node ends before the workload does"_s, {}, u"The workload has been told to end."_s));
}

void NodeControl::workloadEnded(const QString &key)
{
    noteStatus();
    const QList<Done> waiting = m_waiting.values(key);
    m_waiting.remove(key);
    for (const Done &done : waiting)
        done(accepted(key));
}

JsonText NodeControl::accepted(const QString &key) const
{
    const Workload *workload = m_parts.pool.findByKey(key);
    JsonText answer = workload ? workloadlisting::toJson(*workload) : JsonText();
    return answer.add("accepted", true);
}

} // namespace cloudnode
