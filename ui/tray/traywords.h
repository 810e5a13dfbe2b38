#pragma once

#include "ui/feed/nodemonitor.h"

#include <QCoreApplication>

namespace cloudnode {

/// What tooltip and menu of the tray say.
class TrayWords {
    Q_DECLARE_TR_FUNCTIONS(cloudnode::TrayWords)

public:
    static QString state(const NodeMonitor &monitor);
    static QString heartbeat(const NodeMonitor &monitor, const QDateTime &now);
    static QString toolTip(const NodeMonitor &monitor, const QDateTime &now);
    /// "Training r-8f2c, 1:12:40"
    static QString workload(const WorkloadRecord &workload, const QDateTime &now);
    static QString quit(const NodeMonitor &monitor);
};

} // namespace cloudnode
