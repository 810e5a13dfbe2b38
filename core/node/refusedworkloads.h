#pragma once

#include "base/error.h"

#include <QMap>
#include <QString>

namespace cloudnode {

/// Workloads of the backend that were refused and that it does not know of yet, kept on disk: a refused one
/// has no directory of its own.
class RefusedWorkloads {
public:
    static constexpr qsizetype capacity = 1000; ///< more are not kept

    explicit RefusedWorkloads(QString folder) : m_folder(std::move(folder)) {}

    /// Reads what an earlier run has left. Errors: the folder cannot be made.
    Result<void> recover();
    /// Outlives the node once it has returned. Errors: the disk refuses, or there are too many.
    Result<void> add(const QString &workloadUuid, const QString &reason);
    void remove(const QString &workloadUuid);

    const QMap<QString, QString> &all() const { return m_reasons; } ///< reasons by workload uuid

private:
    QString pathOf(const QString &workloadUuid) const;

    QString m_folder;
    QMap<QString, QString> m_reasons;
};

} // namespace cloudnode
