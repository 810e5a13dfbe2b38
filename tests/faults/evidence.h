#pragma once

#include <QHash>
#include <QString>

namespace cloudnode::faults {

/// What the jobs themselves have left on the disk, whatever the node says about them.
struct Evidence {
    struct Processes {
        qint64 job = 0;
        qint64 supervisor = 0;
    };

    QHash<QString, int> starts;          ///< how often each has begun, by request id
    QHash<QString, Processes> processes; ///< of its latest beginning
    QHash<QString, int> printed;         ///< the last mark in each log file, by stream; see Logbook
    int logFiles = 0;        ///< two a job, unless the node has removed some: it keeps a limited number
    qint64 printedBytes = 0; ///< of all log files, as UTF-8

    static Evidence read(const QString &ledgerPath, const QString &logsFolder);

private:
    void readLedger(const QString &path);
    void readLog(const QString &path);
};

} // namespace cloudnode::faults
