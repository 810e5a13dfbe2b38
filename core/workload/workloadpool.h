#pragma once

#include "workload/retention.h"
#include "workload/workload.h"

#include <QObject>
#include <QProcessEnvironment>

#include <memory>

namespace cloudnode {

struct StartRecord;

/// Where the pool keeps things and how it starts them.
struct WorkloadPoolSettings {
    QString workloadsFolder;         ///< one directory a workload
    QString logsFolder;              ///< <type>_<key>.stdout.log, .stderr.log, .params.json
    QString runnerProgram;           ///< absolute path of cloudnode-runner
    QString cgroupsFolder;           ///< for one cgroup a workload, see cgrouproom.h; empty: none
    QProcessEnvironment environment; ///< of every workload, before CYBERWAVE_REQUEST_ID and its kin are added
    RetentionLimits keep;            ///< of what is over, reported and shipped
};

/// Every workload this node knows, running or over: written down, launched, watched, ended.
/// It survives the node: whatever it knows it can read again from the workloads' directories. In memory it
/// holds those about which there is still something to do, and reads the others when they are asked for.
/// Call recover() before anything else. Pointers to workloads stay valid until the event loop runs again.
class WorkloadPool : public QObject {
    Q_OBJECT

public:
    explicit WorkloadPool(const WorkloadPoolSettings &settings, QObject *parent = nullptr);
    ~WorkloadPool() override; ///< lets go of the workloads; they run on

    /// Reads the directories, watches what still runs, starts what was written down but never started, and
    /// notes the end of what ended meanwhile. Emits no ended() for those: look at workloads(). A directory
    /// that cannot be understood is skipped, kept and reported by warning(). Errors: the folders cannot be
    /// made or read.
    /// What has been reported is looked at later, while the event loop runs: see unshipped().
    /// A cancellation that was written down and perhaps not sent is sent.
    Result<void> recover();

    /// Writes the workload down. When this has returned, the workload will run exactly once, even if the node
    /// dies now. launch() it next. Errors: a workload of that request exists; the disk refuses.
    /// `token`: its own, if it came with one. That is kept nowhere: a workload that needs one and that the
    /// node's death has kept from being started ends as NotStarted.
    Result<Workload> accept(const WorkloadSpec &spec, const QString &token = {});
    /// Starts an accepted workload; started() or ended() with Outcome::NotStarted follows.
    void launch(const QString &key);
    /// Where the params of an accepted workload with that id and type will lie, to be named in its command.
    QString paramsPath(WorkloadType type, const RequestId &requestId) const;

    const Workload *find(const RequestId &requestId) const;
    const Workload *findByPid(qint64 pid) const; ///< active ones only
    const Workload *findByKey(const QString &key) const;
    /// Those of workloads() with this uuid, in no order: more than one if it was asked for again.
    QList<const Workload *> findByUuid(const QString &workloadUuid) const;
    /// Who runs it and who supervises it; null before it has been started.
    const StartRecord *startOf(const QString &key) const;
    /// Its directory.
    QString folderOf(const QString &key) const;
    /// Those about which there is something to do, and a few others, in the order they were received.
    QList<const Workload *> workloads() const;
    /// Of all, the latest first. Finished ones may be missing until it knowsAll(), and are without their
    /// command.
    QList<Workload> latest(qsizetype most) const;
    bool knowsAll() const; ///< false in the first moments after recover()
    QList<const Workload *> active() const;
    int activeCount() const;

    /// Signals the workload's whole process group, and kills its whole tree if it is still there when its
    /// grace has passed. The request is written down first and goes on if the node dies. ended() follows.
    /// It may be called again: the last request is the one on record, its answer is still to be given, and
    /// SIGKILL does not wait for the grace of an earlier one. A workload that is just being started gets the
    /// signal when it runs.
    /// A disk that refuses the record does not keep it from being done; see warning().
    /// Errors: not active; no signal to cancel with; the system refuses (permission), and nothing is on
    /// record.
    Result<void> cancel(const QString &key, const WorkloadCancel &request);

    /// Each is kept on disk before it returns, but the offsets may lag behind by a power cut, and what is
    /// said of a workload that has ended already, that it has begun, is kept together with markReported().
    /// Errors: the disk refuses; it is then tried again until the disk takes it.
    Result<void> markAcked(const QString &key);
    Result<void> markReported(const QString &key);
    Result<void> markCancelAnswered(const QString &key);
    Result<void> markTold(const QString &key, Told stage);
    Result<void> markResultsDone(const QString &key);
    Result<void> setShipped(const QString &key, qint64 stdoutBytes, qint64 stderrBytes);

signals:
    void started(const QString &key); ///< its process runs
    void ended(const QString &key);   ///< once; its end is written down
    /// Its supervisor is gone, and it runs on: how it ends nobody will see. By each node once.
    void orphaned(const QString &key);
    /// An earlier node has reported it, but not shipped all of its output, or not uploaded all its results.
    void unshipped(const QString &key);
    void warning(const cloudnode::Error &problem);

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace cloudnode
