#include "node/heartbeat.h"

namespace cloudnode {

Heartbeat::Heartbeat(ControlPlane &cloud, std::chrono::seconds interval, const Backoff &afterRejection,
                     QObject *parent)
    : QObject(parent),
      m_cloud(cloud),
      m_afterRejection(afterRejection)
{
    m_statistics.interval = interval;
    m_timer.setInterval(interval);
    m_timer.setTimerType(Qt::CoarseTimer);
    connect(&m_timer, &QTimer::timeout, this, &Heartbeat::due);
    m_extraBeat.setSingleShot(true);
    connect(&m_extraBeat, &QTimer::timeout, this, &Heartbeat::send);
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
    m_extraBeat.stop();
    m_rejections = 0;
    m_afterRejection.reset();
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
    if (!m_timer.isActive()) // it has stood still for a rejection
        m_timer.start();
    if (reply) {
        m_statistics.lastOk = now;
        m_statistics.roundTrip = std::chrono::milliseconds(m_sent.elapsed());
        remember({now, true, m_statistics.roundTrip});
        m_statistics.failures = 0;
        m_rejections = 0;
        m_afterRejection.reset();
        emit beat();
        return;
    }
    remember({now, false, {}});
    noteFailure(reply.error());
}

void Heartbeat::noteFailure(const CloudError &error)
{
    ++m_statistics.failures;
    ++m_statistics.failuresTotal;
    const int round = m_round;
    emit failed(error.error, m_statistics.failures);
    if (round != m_round) // whoever heard of it has stopped us
        return;
    if (error.kind == CloudError::Kind::NotFound) {
        stop();
        emit instanceGone();
    } else if (error.kind == CloudError::Kind::Unauthorized) {
        noteRejection(error.error);
    } else {
        m_rejections = 0;
    }
}

/// A backend in trouble may reject a token once; one that does so again and again means it.
void Heartbeat::noteRejection(const Error &reason)
{
    if (++m_rejections < mostRejections) {
        const auto wait = m_afterRejection.next();
        m_timer.stop();
        m_extraBeat.start(wait);
        m_statistics.nextDue = QDateTime::currentDateTimeUtc() + wait;
        return;
    }
    stop();
    emit rejected(reason);
}

} // namespace cloudnode
