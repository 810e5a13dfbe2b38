#include "ui/tray/notifier.h"

#include "ui/look/words.h"
#include "ui/workloads/workloadwords.h"

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

bool canTakeWork(const NodeSnapshot &node)
{
    return node.state == NodeState::Ready && node.broker.connected;
}

} // namespace

Notifier::Notifier(NodeFeed &feed, Settings settings, std::chrono::milliseconds offlineAfter, QObject *parent)
    : QObject(parent),
      m_feed(feed),
      m_settings(std::move(settings))
{
    m_offline.setSingleShot(true);
    m_offline.setInterval(offlineAfter);
    connect(&m_offline, &QTimer::timeout, this, &Notifier::tellOffline);
    connect(&feed, &NodeFeed::workloadsArrived, this, &Notifier::takeWorkloads);
    connect(&feed, &NodeFeed::eventHappened, this, &Notifier::takeEvent);
    connect(&feed, &NodeFeed::statusArrived, this,
            [this](const NodeSnapshot &node) { takeOnline(canTakeWork(node)); });
    connect(&feed, &NodeFeed::upChanged, this, [this](bool up) {
        if (!up)
            takeOnline(false);
    });
}

/// What had ended before the first list is no news, even if it is listed later: a node that has just started
/// is still reading its history.
void Notifier::takeWorkloads(const QList<WorkloadRecord> &workloads)
{
    QHash<QString, bool> active;
    for (const WorkloadRecord &workload : workloads) {
        const auto before = m_active.constFind(workload.key);
        const bool isNews =
            before == m_active.constEnd() ? m_since.isValid() && workload.endedAt >= m_since : *before;
        if (isNews && !workload.isActive())
            tellEnd(workload);
        active.insert(workload.key, workload.isActive());
    }
    m_active = active;
    if (!m_since.isValid())
        m_since = QDateTime::currentDateTimeUtc();
}

/// A cancelled one is not told: somebody asked for it.
void Notifier::tellEnd(const WorkloadRecord &workload)
{
    const QString name = tr("%1 %2").arg(Words::type(workload.type), workload.requestText());
    const bool failed =
        workload.status == WorkloadRecord::Status::Failed || workload.status == WorkloadRecord::Status::Lost;
    const QString text =
        tr("%1 after %2").arg(WorkloadWords::result(workload), Words::span(workload.seconds));
    if (failed && m_settings().notifyFailed)
        emit notify(name, text, true);
    else if (workload.status == WorkloadRecord::Status::Completed && m_settings().notifyFinished)
        emit notify(name, text, false);
}

void Notifier::takeEvent(const NodeEvent &event)
{
    if (event.level != NodeEvent::Level::Error)
        return;
    if (event.kind == "install"_L1 && m_settings().notifyInstallFailed)
        tellEndOfNode(tr("The install script failed"), event.text);
    else if (event.kind == "token"_L1 && m_settings().notifyTokenRejected)
        tellEndOfNode(tr("The token was rejected"), event.text);
}

/// That the node is offline then is no further news.
void Notifier::tellEndOfNode(const QString &title, const QString &text)
{
    m_wasOnline = false;
    m_offline.stop();
    emit notify(title, Words::sentence(text), true);
}

void Notifier::takeOnline(bool online)
{
    if (online) {
        m_wasOnline = true;
        m_offline.stop();
    } else if (m_wasOnline && !m_offline.isActive()) {
        m_offline.start();
        m_wasOnline = false; // told once
    }
}

void Notifier::tellOffline()
{
    if (m_settings().notifyOffline)
        emit notify(tr("The node is offline"), tr("It takes no work at the moment. What runs goes on."),
                    true);
}

} // namespace cloudnode
