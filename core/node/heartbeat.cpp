#include "node/heartbeat.h"

namespace cloudnode {

Heartbeat::Heartbeat(ControlPlane &cloud, std::chrono::seconds interval, QObject *parent)
    : QObject(parent),
      m_cloud(cloud)
{
    m_statistics.interval = interval;
    m_timer.setInterval(interval);
    m_timer.setTimerType(Qt::CoarseTimer);
    connect(&m_timer, &QTimer::timeout, this, &Heartbeat::due);
}

void Heartbeat::start(const QString &instanceUuid)
{
    stop();
    m_instanceUuid = instanceUuid;
    m_timer.start();
    due();
}

void Heartbeat::stop()
{
    m_timer.stop();
    m_statistics.nextDue.reset();
    m_underWay = false;
    ++m_round;
}

void Heartbeat::due()
{
    m_statistics.nextDue = QDateTime::currentDateTimeUtc() + m_statistics.interval;
    send();
}

void Heartbeat::send()
{
    if (m_underWay)
        return;
    m_underWay = true;
    m_sent.start();
    m_cloud.heartbeat(m_instanceUuid, this, [this, round = m_round](const CloudResult<void> &reply) {
        if (round == m_round)
            note(reply);
    });
}

void Heartbeat::remember(const NodeStatus::Beat &beat)
{
    m_statistics.history << beat;
    if (m_statistics.history.size() > remembered)
        m_statistics.history.removeFirst();
}

void Heartbeat::note(const CloudResult<void> &reply)
{
    m_underWay = false;
    const QDateTime now = QDateTime::currentDateTimeUtc();
    if (reply) {
        m_statistics.lastOk = now;
        m_statistics.roundTrip = std::chrono::milliseconds(m_sent.elapsed());
        remember({now, true, m_statistics.roundTrip});
        m_statistics.failures = 0;
        emit beat();
        return;
    }
    remember({now, false, {}});
    ++m_statistics.failures;
    ++m_statistics.failuresTotal;
    emit failed(reply.error().error, m_statistics.failures);
    if (reply.error().kind == CloudError::Kind::NotFound) {
        stop();
        emit instanceGone();
    }
}

} // namespace cloudnode
