#include "node/heartbeat.h"

namespace cloudnode {

Heartbeat::Heartbeat(ControlPlane &cloud, std::chrono::seconds interval, QObject *parent)
    : QObject(parent),
      m_cloud(cloud)
{
    m_statistics.interval = interval;
    m_timer.setInterval(interval);
    m_timer.setTimerType(Qt::CoarseTimer);
    connect(&m_timer, &QTimer::timeout, this, &Heartbeat::send);
}

void Heartbeat::start(const QString &instanceUuid)
{
    stop();
    m_instanceUuid = instanceUuid;
    m_timer.start();
    send();
}

void Heartbeat::stop()
{
    m_timer.stop();
    m_underWay = false;
    ++m_round;
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

void Heartbeat::note(const CloudResult<void> &reply)
{
    m_underWay = false;
    if (reply) {
        m_statistics.lastOk = QDateTime::currentDateTimeUtc();
        m_statistics.roundTrip = std::chrono::milliseconds(m_sent.elapsed());
        m_statistics.failures = 0;
        emit beat();
        return;
    }
    ++m_statistics.failures;
    ++m_statistics.failuresTotal;
    emit failed(reply.error().error, m_statistics.failures);
    if (reply.error().kind == CloudError::Kind::NotFound) {
        stop();
        emit instanceGone();
    }
}

} // namespace cloudnode
