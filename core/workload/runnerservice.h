#pragma once

#include "platform/descriptor.h"

#include <QObject>
#include <QProcess>
#include <QProcessEnvironment>

#include <functional>

namespace cloudnode {

/// A cloudnode-runner that waits for orders, so that the start of a workload costs no start of a program. It
/// is there soon after the event loop has begun, or with the first order, and ends with this object or this
/// process. What it has begun goes on.
class RunnerService final : public QObject {
    Q_OBJECT

public:
    /// What the workload's supervisor says, see superviseWorkload(); empty: it, or the service, was killed
    /// before it could, or this needs the patience of `cloudnode-runner start`.
    using Answer = std::function<void(const QByteArray &word)>;

    RunnerService(QString program, const QProcessEnvironment &environment);
    ~RunnerService() override;

    /// Asks for what `cloudnode-runner ARGUMENTS` would do, with these variables (NAME=value) besides the
    /// service's own. `answer` is called from the event loop. False, and no answer, if there is no service
    /// now or the order is too long for it.
    bool order(const QStringList &arguments, const QStringList &variables, Answer answer);

private:
    void start();

    QString m_program;
    QProcessEnvironment m_environment;
    Descriptor m_orders;
    QProcess m_process;
};

} // namespace cloudnode
