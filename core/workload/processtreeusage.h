#pragma once

#include "workload/records.h"

#include <QElapsedTimer>
#include <QHash>
#include <QString>

#include <optional>

namespace cloudnode {

/// What the process trees of workloads take of this computer, found out by looking into /proc each time
/// sample() is called. It does nothing by itself.
class ProcessTreeUsage {
public:
    struct Usage {
        /// Of one core, between the last two samples: 400 is four cores. None before there are two.
        std::optional<double> cpuPercent;
        qint64 memoryBytes = 0; ///< resident; memory that processes share counts for each of them
    };
    struct Tree {
        QString key;
        StartRecord start;
    };

    /// Looks at these trees: the workload, its supervisor, and all that descend from them. Others are
    /// forgotten.
    void sample(const QList<Tree> &trees);
    /// What the last sample() found. None: it was not looked at, or nothing of it was left.
    std::optional<Usage> of(const QString &key) const;

private:
    struct Sample {
        Usage usage;
        quint64 cpuTicks = 0; ///< of the whole tree since it started
        qint64 at = 0;        ///< ns on m_clock
    };

    QElapsedTimer m_clock;
    QHash<QString, Sample> m_samples;
};

} // namespace cloudnode
