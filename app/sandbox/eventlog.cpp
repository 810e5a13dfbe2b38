#include "sandbox/eventlog.h"

#include "base/isotime.h"

#include <QDateTime>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::sandbox {

void EventLog::add(const QString &name, QJsonObject data)
{
    data[u"event"_s] = name;
    data[u"time"_s] = isoTime(QDateTime::currentDateTimeUtc());
    if (m_events.size() == mostEvents)
        m_events.removeFirst();
    m_events << data;
    emit added(data);
}

void EventLog::addBreach(const QString &reason, QJsonObject data)
{
    ++m_breaches;
    data[u"reason"_s] = reason;
    add(u"breach"_s, std::move(data));
}

QJsonArray EventLog::events() const
{
    QJsonArray all;
    for (const QJsonObject &event : m_events)
        all << event;
    return all;
}

} // namespace cloudnode::sandbox
