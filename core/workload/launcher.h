#pragma once

#include "platform/exitwatch.h"
#include "workload/records.h"

#include <QObject>

#include <memory>

namespace cloudnode {

/// Gets workloads that are written down to run, and to end: by a runner on this computer, or one day by a
/// cluster's scheduler.
class Launcher : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

    /// May be called before launch(), while the workload, in `folder` for now, is still being written down:
    /// does what does no harm if it is all in vain.
    virtual void prepare(const Workload &workload, const QString &folder) = 0;
    /// It will not be launched now.
    virtual void forget(const QString &key) = 0;
    /// Starts it, once however often this is called, also by earlier nodes. launched() or failed() follows.
    /// `token`: its own, for its environment and for nothing else; empty if it has none.
    virtual void launch(const Workload &workload, const QString &token) = 0;
    /// Within launched(): the best way to hear of the end of who supervises that workload, if the launcher
    /// knows a better one than to watch that process; null otherwise.
    virtual std::unique_ptr<ExitWatch> takeSupervisorWatch() = 0;
    /// Passes a signal (SIGTERM, SIGINT, SIGKILL) on to its whole tree, and sees to it that nothing is left
    /// once its grace has passed, even if the node dies. No error if it is over already.
    virtual Result<void> signal(const Workload &workload, const StartRecord &start, int number) = 0;

signals:
    void launched(const QString &key); ///< its records tell what became of it
    /// Nothing was started, as far as the launcher knows, and it has left no record that says so.
    void failed(const QString &key, const cloudnode::Error &reason);
    void warning(const cloudnode::Error &problem);
};

} // namespace cloudnode
