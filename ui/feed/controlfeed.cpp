#include "ui/feed/controlfeed.h"

#include <QJsonArray>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace cloudnode {

namespace {

constexpr int listed = 2000; ///< the most one answer holds
constexpr auto listInterval = 1s;

QSet<QString> keysOf(const QList<WorkloadRecord> &workloads)
{
    QSet<QString> keys;
    for (const WorkloadRecord &workload : workloads)
        keys.insert(workload.key);
    return keys;
}

} // namespace

ControlFeed::ControlFeed(QObject *parent) : NodeFeed(parent), m_list(listInterval)
{
    connect(&m_client, &ControlClient::connected, this, &ControlFeed::subscribe);
    connect(&m_client, &ControlClient::disconnected, this, &ControlFeed::takeLoss);
    connect(&m_client, &ControlClient::statusChanged, this, &ControlFeed::takeStatus);
    connect(&m_client, &ControlClient::event, this, &ControlFeed::takeEvent);
    connect(&m_list, &Throttle::due, this, &ControlFeed::listWorkloads);
}

void ControlFeed::start(const QStringList &socketPaths)
{
    m_client.connectTo(socketPaths, ControlClient::Persistence::Reconnect);
}

void ControlFeed::pause(QObject *context, Answer done)
{
    ask(u"node.pause"_s, {}, context, std::move(done));
}

void ControlFeed::resume(QObject *context, Answer done)
{
    ask(u"node.resume"_s, {}, context, std::move(done));
}

void ControlFeed::stop(QObject *context, Answer done)
{
    ask(u"node.stop"_s, {}, context, std::move(done));
}

void ControlFeed::cancel(const QJsonValue &requestId, const QString &signalName, QObject *context,
                         Answer done)
{
    ask(u"workload.cancel"_s, {{u"request_id"_s, requestId}, {u"signal"_s, signalName}}, context,
        std::move(done));
}

void ControlFeed::ask(const QString &method, const QJsonObject &params, QObject *context, Answer done)
{
    m_client.call(method, params, context, [done = std::move(done)](const Result<QJsonValue> &answer) {
        if (answer)
            done({});
        else
            done(tl::make_unexpected(answer.error()));
    });
}

void ControlFeed::subscribe()
{
    m_client.call(u"events.subscribe"_s, {}, this, [this](const Result<QJsonValue> &answer) {
        if (answer)
            takeHistory((*answer)[u"events"_s].toArray());
    });
}

/// The first status after a connection, not the connection itself, is what makes the feed up: a node that
/// accepts and says nothing is of no use to anybody.
void ControlFeed::takeStatus(const QJsonObject &json)
{
    const NodeSnapshot snapshot = NodeSnapshot::fromJson(json);
    const QSet<QString> active = keysOf(snapshot.activeWorkloads);
    if (!m_up || active != m_active)
        m_list.request();
    m_active = active;
    if (!m_up) {
        m_up = true;
        emit upChanged(true);
    }
    emit statusArrived(snapshot);
}

void ControlFeed::takeEvent(const QJsonObject &json)
{
    const NodeEvent event = NodeEvent::fromJson(json);
    if (event.kind == "workload"_L1)
        m_list.request();
    emit eventHappened(event);
}

void ControlFeed::takeHistory(const QJsonArray &list)
{
    QList<NodeEvent> events;
    for (const auto &event : list)
        events.append(NodeEvent::fromJson(event.toObject()));
    emit eventsArrived(events);
}

void ControlFeed::takeLoss()
{
    if (m_up) {
        m_up = false;
        emit upChanged(false);
    }
    emit missed();
}

void ControlFeed::listWorkloads()
{
    m_client.call(u"workload.list"_s, {{u"all"_s, true}, {u"limit"_s, listed}}, this,
                  [this](const Result<QJsonValue> &answer) {
                      if (!answer)
                          return;
                      takeWorkloads((*answer)[u"workloads"_s].toArray());
                      if (!(*answer)[u"complete"_s].toBool(true))
                          m_list.request(); // the node has just started, and is reading its history
                  });
}

void ControlFeed::takeWorkloads(const QJsonArray &list)
{
    QList<WorkloadRecord> workloads;
    workloads.reserve(list.size());
    for (const auto &workload : list)
        if (workload.isObject())
            workloads.append(WorkloadRecord::fromListed(workload.toObject()));
    emit workloadsArrived(workloads);
}

} // namespace cloudnode
