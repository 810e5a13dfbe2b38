#include "ui/window/brokercard.h"

#include "ui/look/badge.h"
#include "ui/look/elidedlabel.h"
#include "ui/look/words.h"
#include "ui/workloads/workloadwords.h"

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

BrokerCard::BrokerCard(QWidget *parent)
    : Card(tr("Broker"), parent),
      m_host(new ElidedLabel(Qt::ElideMiddle)),
      m_state(new ElidedLabel),
      m_waiting(new ElidedLabel),
      m_tls(new Badge)
{
    addBeside(m_tls);
    body()->addWidget(m_host);
    body()->addWidget(m_state);
    body()->addWidget(m_waiting);
    body()->addStretch();
    tell({});
}

void BrokerCard::tell(const std::optional<NodeSnapshot> &snapshot)
{
    if (!snapshot || snapshot->broker.host.isEmpty()) {
        m_host->setFact(tr("Not connected"));
        m_state->setFact({});
        m_waiting->setFact({});
        m_tls->setWord({}, {});
        return;
    }
    const NodeSnapshot::Broker &broker = snapshot->broker;
    const double seconds =
        broker.since.isValid()
            ? static_cast<double>(broker.since.msecsTo(QDateTime::currentDateTimeUtc())) / 1000
            : 0;
    m_host->setFact(broker.host, u"%1:%2"_s.arg(broker.host).arg(broker.port));
    const QString state = broker.connected ? tr("Connected") : tr("Not connected");
    m_state->setFact(broker.since.isValid() ? tr("%1 for %2").arg(state, Words::span(seconds)) : state,
                     Words::absolute(broker.since));
    if (broker.tls)
        m_tls->setWord(tr("TLS"), Tone::Good, u"lock"_s);
    else
        m_tls->setWord(tr("Not encrypted"), Tone::Attention);
    showWaiting(*snapshot);
}

/// What has not reached the cloud yet: results first, as their requesters wait for them.
void BrokerCard::showWaiting(const NodeSnapshot &snapshot)
{
    const int results = snapshot.unreportedResults;
    WorkloadUpload sum;
    for (const WorkloadUpload &upload : snapshot.uploads) {
        sum.files += upload.files;
        sum.filesDone += upload.filesDone;
        sum.bytes += upload.bytes;
        sum.bytesDone += upload.bytesDone;
        if (sum.problem.isEmpty())
            sum.problem = upload.problem;
    }
    if (results > 0)
        m_waiting->setFact(results == 1 ? tr("1 result waits to be sent")
                                        : tr("%n results wait to be sent", nullptr, results));
    else if (snapshot.uploads.isEmpty())
        m_waiting->setFact(tr("All results delivered"));
    else
        m_waiting->setFact(tr("Uploading files: %1 of %2 done").arg(sum.filesDone).arg(sum.files),
                           WorkloadWords::uploadDetails(sum));
}

} // namespace cloudnode
