#pragma once

#include "base/error.h"

#include <QObject>
#include <QTemporaryDir>
#include <QThreadPool>
#include <QTimer>

#include <memory>

namespace cloudnode {

/// The directory of the next workload, with the files every workload needs, made before somebody waits for
/// it: to make a file may take a disk longer than to write it. The files are empty, but have space set aside,
/// so that a disk which is full refuses a workload before it is accepted, not half way. Their names are on
/// the disk: to fill one makes it last.
class SpareFolder final : public QObject {
    Q_OBJECT

public:
    /// Names begin with `prefix`, which no workload's does.
    SpareFolder(const QString &parent, const QString &prefix);
    ~SpareFolder() override;

    /// Has one made, by a thread of its own.
    void prepare();
    /// The one that is ready, or else one that is made now; another is prepared. It is removed with the
    /// returned object, unless that is told not to. Errors: path and the system's reason.
    Result<std::unique_ptr<QTemporaryDir>> take();

    static constexpr char stdoutFile[] = "stdout.log";
    static constexpr char stderrFile[] = "stderr.log";
    static constexpr char paramsFile[] = "params.json";

signals:
    void prepared(); ///< take() will not have to make one

private:
    void makeOne();

    QString m_pattern;
    std::unique_ptr<QTemporaryDir> m_ready;
    bool m_underWay = false;
    QTimer m_timer;
    QThreadPool m_thread; // of one
};

} // namespace cloudnode
