#include "ui/window/heartbeatcard.h"

#include "ui/look/badge.h"
#include "ui/look/elidedlabel.h"
#include "ui/look/words.h"
#include "ui/window/heartbeatstrip.h"

#include <cmath>

namespace cloudnode {

HeartbeatCard::HeartbeatCard(QWidget *parent)
    : Card(tr("Heartbeat"), parent),
      m_last(new ElidedLabel),
      m_next(new ElidedLabel),
      m_strip(new HeartbeatStrip),
      m_misses(new Badge)
{
    addBeside(m_misses);
    body()->addWidget(m_last);
    body()->addWidget(m_next);
    body()->addStretch();
    body()->addWidget(m_strip);
    tell({});
}

QString HeartbeatCard::lastText(const NodeSnapshot::Heartbeat &heartbeat, const QDateTime &now)
{
    if (!heartbeat.lastOk.isValid())
        return tr("None got through yet");
    const QString ago = Words::ago(heartbeat.lastOk, now);
    return heartbeat.roundTripSeconds
               ? tr("%1, %2").arg(ago, Words::milliseconds(*heartbeat.roundTripSeconds))
               : ago;
}

QString HeartbeatCard::nextText(const NodeSnapshot::Heartbeat &heartbeat, const QDateTime &now)
{
    if (!heartbeat.nextDue.isValid())
        return {};
    const double seconds = std::ceil(static_cast<double>(now.msecsTo(heartbeat.nextDue)) / 1000);
    return seconds <= 0 ? tr("Next is due") : tr("Next in %1").arg(Words::span(seconds));
}

void HeartbeatCard::tell(const std::optional<NodeSnapshot> &snapshot)
{
    const NodeSnapshot::Heartbeat heartbeat = snapshot ? snapshot->heartbeat : NodeSnapshot::Heartbeat();
    const QDateTime now = QDateTime::currentDateTimeUtc();
    m_last->setFact(snapshot ? lastText(heartbeat, now) : tr("No heartbeat"),
                    Words::absolute(heartbeat.lastOk));
    m_next->setFact(nextText(heartbeat, now), Words::absolute(heartbeat.nextDue));
    m_strip->setBeats(heartbeat.history);
    if (heartbeat.failures > 0)
        m_misses->setWord(tr("%1 missed").arg(heartbeat.failures), Tone::Trouble);
    else
        m_misses->setWord({}, {});
}

} // namespace cloudnode
