#pragma once

#include "base/error.h"

#include <QObject>
#include <QTemporaryDir>
#include <QThreadPool>
#include <QTimer>

#include <memory>
#include <vector>

namespace cloudnode {

/// The directories of the next workloads, with the files every workload needs, made before somebody waits for
/// them: to make a file may take a disk longer than to write it. The files are empty, but have space set
/// aside, so that a disk which is full refuses a workload before it is accepted, not half way. Their names,
/// and the directory's own, are on the disk: to fill a file makes it last. There is one directory ready, and
/// more where workloads have come faster than that.
class SpareFolders final : public QObject {
    Q_OBJECT

public:
    static constexpr std::size_t most = 8;

    /// Names begin with `prefix`, which no workload's does.
    SpareFolders(const QString &parent, const QString &prefix);
    ~SpareFolders() override;

    /// Has what is missing made, by a thread of its own.
    void prepare();
    /// One that is ready, or else one that is made now; another is prepared. It is removed with the
    /// returned object, unless that is told not to. Errors: path and the system's reason.
    Result<std::unique_ptr<QTemporaryDir>> take();

signals:
    void prepared(); ///< take() will not have to make one

private:
    using Folders = std::vector<std::unique_ptr<QTemporaryDir>>;

    void makeMissing();
    static Result<Folders> make(const QString &parent, const QString &prefix, std::size_t count);

    QString m_parent;
    QString m_prefix;
    Folders m_ready;
    std::size_t m_wanted = 1;
    bool m_underWay = false;
    QTimer m_timer;
    QThreadPool m_thread; // of one
};

} // namespace cloudnode
