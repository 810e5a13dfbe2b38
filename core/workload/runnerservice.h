#pragma once

#include "platform/descriptor.h"

#include <QObject>
#include <QProcess>
#include <QProcessEnvironment>
#include <QSocketNotifier>
#include <QTimer>

#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace cloudnode {

struct LaunchOrder;
class SupervisorLine;

/// One workload that a runner prepares, and starts when it is told to. Destroyed before that, it calls it
/// off. Deletes itself behind the answer.
class RunnerOrder final : public QObject {
    Q_OBJECT

public:
    /// What the workload's supervisor says, see reportword; empty: it, or the service, was killed before it
    /// could, or this needs the patience of `cloudnode-runner start`. `line`: of a workload that runs, for
    /// RunnerService::follow().
    using Answer = std::function<void(const QByteArray &word, Descriptor line)>;

    /// `line` is our end of the order's report.
    RunnerOrder(Descriptor line, Answer answer, QObject *parent);

    void go();

private:
    void listen();

    Descriptor m_line;
    Answer m_answer;
    QSocketNotifier m_notifier; // needs m_line
};

/// A cloudnode-runner that waits for orders, so that the start of a workload costs no start of a program. It
/// is there soon after the event loop has begun, or with the first order, and ends with this object or this
/// process. What it has begun goes on. While orders follow each other, supervisors that are free are kept for
/// them.
class RunnerService final : public QObject {
    Q_OBJECT

public:
    RunnerService(QString program, const QProcessEnvironment &environment);
    ~RunnerService() override;

    /// Asks for what `cloudnode-runner ARGUMENTS` would do, in the workload's `folder`, which may be renamed
    /// at any time, and with these variables (NAME=value) besides the service's own. `answer` is called from
    /// the event loop, perhaps before go(). None if there is no service now or the order is too long for it.
    RunnerOrder *order(const QString &folder, const QStringList &arguments, const QStringList &variables,
                       RunnerOrder::Answer answer);
    /// Tells of the end of the workload that runs at the other end of that line; its supervisor is kept then.
    std::unique_ptr<SupervisorLine> follow(Descriptor line);
    void followUnheard(Descriptor line); ///< the same, with nobody to tell

private:
    void start();
    void keep(Descriptor line);
    std::optional<Descriptor> sendToFree(const LaunchOrder &order);
    std::optional<Descriptor> sendToSpare(LaunchOrder &order);

    QString m_program;
    QProcessEnvironment m_environment;
    Descriptor m_orders;
    QProcess m_process;
    std::vector<Descriptor> m_free; ///< lines of supervisors, the one that has worked last at the end
    QTimer m_letGo;
};

} // namespace cloudnode
