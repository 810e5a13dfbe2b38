#include "ui/window/overviewpage.h"

#include "ui/feed/nodemonitor.h"
#include "ui/logview/logpanel.h"
#include "ui/look/grid.h"
#include "ui/look/sheet.h"
#include "ui/window/brokercard.h"
#include "ui/window/cardrow.h"
#include "ui/window/heartbeatcard.h"
#include "ui/window/registrationcard.h"
#include "ui/workloads/workloadpanel.h"

#include <QSplitter>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace cloudnode {

OverviewPage::OverviewPage(WorkloadModel &model, NodeMonitor &monitor, QWidget *parent)
    : QScrollArea(parent),
      m_model(model),
      m_monitor(monitor),
      m_registration(new RegistrationCard),
      m_broker(new BrokerCard),
      m_heartbeat(new HeartbeatCard),
      m_workloads(new WorkloadPanel(model, monitor)),
      m_log(new LogPanel),
      m_splitter(new QSplitter(Qt::Vertical))
{
    auto *cards = new CardRow;
    for (QWidget *card : std::initializer_list<QWidget *>{m_registration, m_broker, m_heartbeat})
        cards->add(card);
    for (QWidget *part : std::initializer_list<QWidget *>{m_workloads, m_log}) {
        auto *sheet = new Sheet;
        auto *inside = new QVBoxLayout(sheet);
        inside->setContentsMargins(1, 1, 1, grid::half);
        inside->addWidget(part);
        sheet->setMinimumHeight(19 * grid::unit);
        m_splitter->addWidget(sheet);
    }
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setHandleWidth(grid::unit + grid::half);

    auto *content = new QWidget;
    auto *layout = new QVBoxLayout(content);
    layout->setContentsMargins(grid::gap, grid::unit, grid::gap, grid::gap);
    layout->setSpacing(grid::unit + grid::half);
    layout->addWidget(cards);
    layout->addWidget(m_splitter, 1);
    setWidget(content);
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);

    connect(m_workloads, &WorkloadPanel::chosen, this, &OverviewPage::showLog);
    connect(m_workloads, &WorkloadPanel::endAsked, this, &OverviewPage::endAsked);
    connect(&monitor, &NodeMonitor::changed, this, &OverviewPage::showFacts);
    connect(&m_tick, &QTimer::timeout, this, &OverviewPage::showFacts);
    m_tick.start(1s);
    showFacts();
}

QByteArray OverviewPage::splitterState() const
{
    return m_splitter->saveState();
}

void OverviewPage::restoreSplitter(const QByteArray &state)
{
    m_splitter->restoreState(state);
}

void OverviewPage::showFacts()
{
    const auto &snapshot = m_monitor.snapshot();
    m_registration->tell(snapshot, m_monitor.isService());
    m_broker->tell(snapshot);
    m_heartbeat->tell(snapshot);
}

/// A workload that leaves the table (it ended, or is filtered out) keeps its log on the screen.
void OverviewPage::showLog(const QString &key)
{
    if (const WorkloadRecord *workload = m_model.find(key))
        m_log->setWorkload(*workload);
}

/// Source: the README's description of the state folder.
void OverviewPage::showInstallLog(const QString &stateDir)
{
    const QString start = stateDir + u"/workload_logs/install."_s;
    m_log->setOutput(u"install script"_s, tr("the install script"),
                     {start + u"stdout.log"_s, start + u"stderr.log"_s});
    ensureWidgetVisible(m_log);
}

} // namespace cloudnode
