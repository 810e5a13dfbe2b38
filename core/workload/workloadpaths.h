#pragma once

#include "wire/workloadtype.h"

#include <QString>
#include <QStringList>

namespace cloudnode {

/// Where workloads lie on the disk: each in a directory of its own, whose name is its key, and their logs and
/// parameters together in another one, named as the Python node names them. Those about which there is
/// nothing left to do lie in a folder "history" beside the others'.
class WorkloadPaths {
public:
    static constexpr char stdoutFile[] = "stdout.log";
    static constexpr char stderrFile[] = "stderr.log";
    static constexpr char paramsFile[] = "params.json";

    // Keys never begin with a dot, so these are the node's alone.
    static constexpr char unfinishedPrefix[] = ".unfinished-"; ///< of directories that have no name yet
    static constexpr char removedPrefix[] = ".removed-";       ///< of those that are on their way out

    WorkloadPaths(const QString &workloadsFolder, const QString &logsFolder);

    const QString &workloadsFolder() const { return m_workloadsFolder; }
    const QString &logsFolder() const { return m_logsFolder; }
    const QString &historyFolder() const { return m_historyFolder; }

    /// Its directory, in the history or not; where it would be if there is none.
    QString folder(const QString &key) const;
    QString activeFolder(const QString &key) const; ///< its directory, if it is not in the history
    QString archivedFolder(const QString &key) const;

    /// `suffix`: one of the three above.
    QString log(WorkloadType type, const QString &key, const char *suffix) const;
    QStringList logs(const QString &key) const; ///< all that it may have, whatever its type

    /// Paths of the directories that begin so; none if they cannot be read.
    QStringList hidden(const char *prefix) const;

private:
    QString m_workloadsFolder;
    QString m_logsFolder;
    QString m_historyFolder;
};

} // namespace cloudnode
