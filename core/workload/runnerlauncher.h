#pragma once

#include "workload/launcher.h"
#include "workload/runnerservice.h"
#include "workload/workloadjournal.h"

#include <QProcess>
#include <QProcessEnvironment>

#include <memory>

namespace cloudnode {

/// Runs workloads on this computer, each under its own cloudnode-runner, which outlives the node.
/// It watches nothing: a call of the runner is over as soon as the workload runs. Most need no call, as a
/// service of the runner's own is at hand.
class RunnerLauncher final : public Launcher {
    Q_OBJECT

public:
    /// `environment` is every workload's; what tells it about itself is added here. `cgroups` is the folder
    /// for their cgroups; empty: they get none.
    RunnerLauncher(QString runnerProgram, const QProcessEnvironment &environment, QString cgroups,
                   WorkloadJournal journal);
    ~RunnerLauncher() override;

    void prepare(const Workload &workload, const QString &folder) override;
    void forget(const QString &key) override;
    void launch(const Workload &workload, const QString &token) override;
    std::unique_ptr<ExitWatch> takeSupervisorWatch() override;
    Result<void> signal(const Workload &workload, const StartRecord &start, int number) override;

private:
    /// One start, to be repeated as it is if the runner is killed in the middle.
    struct Start {
        QString key;
        QStringList arguments;
        QStringList variables; ///< NAME=value
        bool hasToken = false; ///< among the variables there is a workload's own token
        int triesLeft = 5;
    };

    /// The latest workload that is prepared.
    struct Prepared {
        QString key;
        std::unique_ptr<RunnerOrder> order;
    };

    Start startOf(const Workload &workload, const QString &token) const;
    QStringList arguments(const Workload &workload) const;
    QStringList limitArguments(const Workload &workload) const;
    QProcess *newProcess(const QStringList &arguments);
    RunnerOrder *order(const Start &start, const QString &folder);
    void ordered(const Start &start, const QByteArray &word, Descriptor line);
    void call(const Start &start);
    void finished(const Start &start, QProcess *process);
    void endOrphan(const Workload &workload, const ProcessIdentity &process, int number);

    QString m_runnerProgram;
    QProcessEnvironment m_environment;
    QString m_cgroups;
    WorkloadJournal m_journal;
    QString m_shell;
    RunnerService m_service;
    Prepared m_prepared; // is m_service's
    Descriptor m_line;   ///< while launched() is emitted
};

} // namespace cloudnode
