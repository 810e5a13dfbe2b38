#pragma once

#include "control/desktop.h"
#include "ui/feed/nodefeed.h"

#include <QDateTime>
#include <QHash>
#include <QObject>
#include <QTimer>

#include <functional>

namespace cloudnode {

/// Decides what is worth interrupting the owner for.
class Notifier : public QObject {
    Q_OBJECT

public:
    using Settings = std::function<DesktopSettings()>;

    Notifier(NodeFeed &feed, Settings settings,
             std::chrono::milliseconds offlineAfter = std::chrono::minutes(1), QObject *parent = nullptr);

signals:
    void notify(const QString &title, const QString &text, bool trouble);

private:
    void takeWorkloads(const QList<WorkloadRecord> &workloads);
    void takeEvent(const NodeEvent &event);
    void takeOnline(bool online);
    void tellEnd(const WorkloadRecord &workload);
    void tellOffline();
    void tellEndOfNode(const QString &title, const QString &text);

    NodeFeed &m_feed;
    Settings m_settings;
    QHash<QString, bool> m_active; ///< by key, as listed last
    QDateTime m_since;             ///< UTC, of the first list; invalid before
    bool m_wasOnline = false;      ///< a node that never was is not missed
    QTimer m_offline;
};

} // namespace cloudnode
