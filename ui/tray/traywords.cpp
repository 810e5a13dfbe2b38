#include "ui/tray/traywords.h"

#include "ui/look/words.h"

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

QString TrayWords::state(const NodeMonitor &monitor)
{
    return tr("%1: %2").arg(monitor.title(), monitor.detail().toLower());
}

QString TrayWords::heartbeat(const NodeMonitor &monitor, const QDateTime &now)
{
    if (!monitor.snapshot())
        return tr("No heartbeat");
    const QDateTime last = monitor.snapshot()->heartbeat.lastOk;
    return last.isValid() ? tr("Heartbeat %1").arg(Words::ago(last, now)) : tr("No heartbeat yet");
}

QString TrayWords::toolTip(const NodeMonitor &monitor, const QDateTime &now)
{
    QString name = monitor.slug().isEmpty() ? tr("Cloud Node") : monitor.slug();
    if (monitor.isService())
        name = tr("%1 (runs as a service)").arg(name);
    QStringList lines{name, tr("%1. %2").arg(monitor.title(), monitor.detail()), heartbeat(monitor, now)};
    const qsizetype active = monitor.snapshot() ? monitor.snapshot()->activeWorkloads.size() : 0;
    if (active > 0 && !monitor.detail().contains(FaceWords::running(active)))
        lines.append(FaceWords::running(active));
    return lines.join(u'\n');
}

QString TrayWords::workload(const WorkloadRecord &workload, const QDateTime &now)
{
    constexpr qsizetype longest = 32; // menus do not elide by themselves
    QString request = workload.requestText();
    if (request.size() > longest)
        request = request.left(longest / 2) + u'…' + request.right(longest / 2);
    const double seconds = static_cast<double>(workload.startedAt.msecsTo(now)) / 1000;
    return tr("%1 %2, %3").arg(Words::type(workload.type), request, Words::elapsed(seconds));
}

QString TrayWords::quit(const NodeMonitor &monitor)
{
    const qsizetype running = monitor.snapshot() ? monitor.snapshot()->activeWorkloads.size() : 0;
    if (running == 0)
        return tr("Quit");
    return running == 1 ? tr("Quit (1 workload runs on)")
                        : tr("Quit (%n workloads run on)", nullptr, static_cast<int>(running));
}

} // namespace cloudnode
