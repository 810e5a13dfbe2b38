#pragma once

#include "support/files.h"
#include "support/waiting.h"
#include "workload/workloadjournal.h"
#include "workload/workloadpool.h"

#include <QObject>
#include <QStringList>
#include <QTemporaryDir>
#include <QTest>

#include <chrono>
#include <memory>

namespace cloudnode::test {

/// Writes a file anew; a test whose disk refuses that ends here.
void put(const QString &path, const QByteArray &data);
/// Whether the runner that has prepared the workload of that folder has gone.
bool isLeftAlone(const QString &folder);
/// Of a text that is known to be one.
RequestId requestId(const QString &text);

/// A pool, and everything it has said.
class WatchedPool {
public:
    explicit WatchedPool(const WorkloadPoolSettings &settings);

    const Workload *operator[](const QString &key) const { return pool.findByKey(key); }
    bool isOver(const QString &key) const { return pool.findByKey(key)->end.has_value(); }
    bool hasStarted(const QString &key) const { return pool.findByKey(key)->start.has_value(); }
    QByteArray out(const QString &key) const { return contents(pool.findByKey(key)->stdoutPath); }

    WorkloadPool pool;
    QStringList said;
    QStringList warnings;
};

/// What the tests of WorkloadPool share: a folder for each, in which pools come and go, as in the lives of
/// one node after another, and in which nothing is left running.
class PoolTest : public QObject {
    Q_OBJECT

private slots:
    void init();
    void cleanup();

protected:
    WorkloadPoolSettings settings(const RetentionLimits &keep = {}) const;
    /// Of a training that runs in `work`, below the folder.
    WorkloadSpec spec(const QString &id, const QString &command) const;
    /// Accepts and launches; returns the key.
    QString run(WatchedPool &watched, const WorkloadSpec &wanted) const;
    /// Leaves on disk what a workload that ended so long ago and printed "hello" would have left.
    void leave(const QString &id, std::chrono::seconds age, const WorkloadProgress &progress) const;
    /// Of such a one about which there is nothing more to say.
    static WorkloadProgress settled();

    QString path(const QString &name) const { return m_folder->filePath(name); }
    WorkloadPaths paths() const { return {settings().workloadsFolder, settings().logsFolder}; }
    WorkloadJournal journal() const { return WorkloadJournal(paths()); }
    StartRecord startOf(const QString &key) const { return journal().readStart(key).value().value(); }
    /// Ends the wait of every command that begins with m_untilGo.
    void letGo() const { put(path(QStringLiteral("work/go")), {}); }

    const QString m_untilGo = QStringLiteral("until [ -e go ]; do sleep 0.01; done;");

private:
    std::unique_ptr<QTemporaryDir> m_folder;
};

} // namespace cloudnode::test
