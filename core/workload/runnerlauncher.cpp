#include "workload/runnerlauncher.h"

#include "record/launchorder.h"
#include "record/recordnames.h"
#include "workload/supervisorline.h"

#include <QDeadlineTimer>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QStandardPaths>

#include <csignal>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace cloudnode {

namespace {

constexpr qint64 mostOutput = 64 * 1024; // of the runner itself: one record

/// The names that any version of the reference has given it (WIRE contract, "Per-workload token").
const QStringList tokenNames = {u"CYBERWAVE_API_TOKEN"_s, u"CYBERWAVE_API_KEY"_s,
                                u"CYBERWAVE_MQTT_PASSWORD"_s};

QString findShell()
{
    const QString bash = QStandardPaths::findExecutable(u"bash"_s);
    return bash.isEmpty() ? u"/bin/sh"_s : bash;
}

/// What every workload gets, but nothing that is some other one's: a node may be a workload itself.
QProcessEnvironment forAll(QProcessEnvironment environment)
{
    environment.remove(u"CYBERWAVE_RESULTS_DIR"_s);
    return environment;
}

QString seconds(std::chrono::seconds time)
{
    return QString::number(time.count());
}

/// Why the runner did not start it; none if there is a record that tells.
std::optional<QString> failureOf(QProcess &runner)
{
    const QJsonObject line = QJsonDocument::fromJson(runner.read(mostOutput)).object();
    if (runner.exitCode() == 0 || line.contains(QLatin1StringView(recordnames::outcome)))
        return std::nullopt;
    const QString told = line.value(QLatin1StringView(recordnames::error)).toString();
    if (!told.isEmpty())
        return told;
    const QByteArray said = runner.readAllStandardError().left(mostOutput).trimmed();
    return u"ended with code %1: %2"_s.arg(runner.exitCode()).arg(QString::fromLocal8Bit(said));
}

/// What tells the workload about itself, and what is its own.
QStringList variablesOf(const Workload &workload, const QString &token)
{
    QStringList variables{u"CYBERWAVE_REQUEST_ID="_s + workload.spec.requestId.text(),
                          u"CYBERWAVE_WORKLOAD_TYPE="_s + toString(workload.spec.type),
                          u"CYBERWAVE_PARAMS_FILE="_s + workload.paramsPath};
    if (!workload.ownResults.isEmpty())
        variables << u"CYBERWAVE_RESULTS_DIR="_s + workload.ownResults;
    if (!workload.spec.workloadUuid.isEmpty())
        variables << u"CYBERWAVE_WORKLOAD_UUID="_s + workload.spec.workloadUuid;
    if (!workload.imagePath.isEmpty())
        variables << u"CYBERWAVE_INPUTS_DIR="_s + QFileInfo(workload.imagePath).path()
                  << u"CYBERWAVE_IMAGE_FILE="_s + workload.imagePath;
    if (!token.isEmpty()) {
        for (const QString &name : tokenNames)
            variables << name + u'=' + token;
    }
    return variables;
}

} // namespace

RunnerLauncher::RunnerLauncher(QString runnerProgram, const QProcessEnvironment &environment, QString cgroups,
                               WorkloadJournal journal)
    : m_runnerProgram(std::move(runnerProgram)),
      m_environment(forAll(environment)),
      m_cgroups(std::move(cgroups)),
      m_journal(std::move(journal)),
      m_shell(findShell()),
      m_service(m_runnerProgram, m_environment)
{
}

RunnerLauncher::~RunnerLauncher()
{
    // The only wait: a call takes milliseconds, and killing it would put the workload off to the next start.
    const QDeadlineTimer deadline(500ms);
    const auto processes = findChildren<QProcess *>(Qt::FindDirectChildrenOnly);
    for (QProcess *process : processes) {
        process->disconnect(this);
        if (process->waitForFinished(static_cast<int>(deadline.remainingTime())))
            continue;
        process->kill(); // the next node calls again
        process->waitForFinished(100);
    }
}

RunnerLauncher::Start RunnerLauncher::startOf(const Workload &workload, const QString &token) const
{
    return {workload.key, arguments(workload), variablesOf(workload, token), workload.spec.needsToken};
}

void RunnerLauncher::prepare(const Workload &workload, const QString &folder)
{
    m_prepared = {workload.key, {}};
    m_prepared.order.reset(order(startOf(workload, {}), folder));
}

void RunnerLauncher::forget(const QString &key)
{
    if (m_prepared.key == key)
        m_prepared = {};
}

void RunnerLauncher::launch(const Workload &workload, const QString &token)
{
    const bool isPrepared = m_prepared.key == workload.key && m_prepared.order;
    const Start start = startOf(workload, token);
    RunnerOrder *ordered =
        isPrepared ? m_prepared.order.release() : order(start, m_journal.paths().activeFolder(workload.key));
    forget(workload.key);
    if (ordered)
        ordered->go();
    else
        call(start);
}

QStringList RunnerLauncher::arguments(const Workload &workload) const
{
    const QStringList start = {u"start"_s,
                               u"--dir"_s,
                               m_journal.paths().activeFolder(workload.key),
                               u"--stdout"_s,
                               workload.stdoutPath,
                               u"--stderr"_s,
                               workload.stderrPath,
                               u"--cwd"_s,
                               workload.spec.workingDirectory,
                               u"--timeout"_s,
                               seconds(workload.spec.timeout),
                               u"--grace"_s,
                               seconds(workload.spec.cancelGrace)};
    return start + limitArguments(workload) + QStringList{u"--"_s, m_shell, u"-c"_s, workload.spec.command};
}

QStringList RunnerLauncher::limitArguments(const Workload &workload) const
{
    const WorkloadLimits &limits = workload.spec.limits;
    QStringList arguments;
    const auto add = [&arguments](const QString &option, int value) {
        if (value > 0)
            arguments << option << QString::number(value);
    };
    add(u"--memory-mib"_s, limits.memoryMiB);
    add(u"--nice"_s, limits.niceness);
    add(u"--no-new-privileges"_s, limits.noNewPrivileges ? 1 : 0);
    if (!limits.ioClass.isEmpty())
        arguments << u"--io-class"_s << limits.ioClass;
    if (!m_cgroups.isEmpty() && limits.wantCgroup()) {
        arguments << u"--cgroup"_s << m_cgroups + u'/' + workload.key;
        add(u"--cpu-percent"_s, limits.cpuPercent);
        add(u"--processes"_s, limits.processes);
    }
    return arguments;
}

QProcess *RunnerLauncher::newProcess(const QStringList &arguments)
{
    auto *process = new QProcess(this);
    process->setProgram(m_runnerProgram);
    process->setArguments(arguments);
    process->setStandardInputFile(QProcess::nullDevice());
    connect(process, &QProcess::finished, process, &QObject::deleteLater);
    return process;
}

RunnerOrder *RunnerLauncher::order(const Start &start, const QString &folder)
{
    // It would keep the token in its memory, and hand that on to the supervisors of others.
    if (start.hasToken)
        return nullptr;
    return m_service.order(
        folder, start.arguments, start.variables,
        [this, start](const QByteArray &word, Descriptor line) { ordered(start, word, std::move(line)); });
}

std::unique_ptr<ExitWatch> RunnerLauncher::takeSupervisorWatch()
{
    return m_line.isOpen() ? m_service.follow(std::move(m_line)) : nullptr;
}

void RunnerLauncher::ordered(const Start &start, const QByteArray &word, Descriptor line)
{
    m_line = std::move(line);
    if (m_prepared.key == start.key)
        (void)m_prepared.order.release(); // it has come to nothing before the launch; deletes itself
    else if (word.isEmpty())
        call(start);
    else if (word.startsWith(reportword::failed))
        emit failed(start.key, {QString::fromLocal8Bit(word.sliced(1)), m_runnerProgram, {}});
    else
        emit launched(start.key);
    if (m_line.isOpen()) // nobody has to be told of its end, which is on record already
        m_service.followUnheard(std::move(m_line));
}

void RunnerLauncher::call(const Start &start)
{
    QProcess *process = newProcess(start.arguments);
    QProcessEnvironment environment = m_environment;
    for (const QString &variable : start.variables) {
        const qsizetype equals = variable.indexOf(u'=');
        environment.insert(variable.first(equals), variable.sliced(equals + 1));
    }
    process->setProcessEnvironment(environment);
    connect(process, &QProcess::finished, this, [this, start, process] { finished(start, process); });
    // Queued: it may come while start() has not returned.
    connect(
        process, &QProcess::errorOccurred, this,
        [this, start, process](QProcess::ProcessError error) {
            if (error != QProcess::FailedToStart)
                return;
            emit failed(start.key,
                        {u"cannot run: "_s + process->errorString(), m_runnerProgram,
                         u"Check that cloudnode is installed completely, and that the command is not "
                         "longer than the system allows."_s});
            process->deleteLater();
        },
        Qt::QueuedConnection);
    process->start();
}

void RunnerLauncher::finished(const Start &start, QProcess *process)
{
    if (process->exitStatus() == QProcess::CrashExit && start.triesLeft > 0) {
        Start again = start;
        --again.triesLeft;
        call(again);
        return;
    }
    if (const auto failure = failureOf(*process))
        emit failed(start.key, {*failure, m_runnerProgram, {}});
    else
        emit launched(start.key);
}

Result<void> RunnerLauncher::signal(const Workload &workload, const StartRecord &start, int number)
{
    // The supervisor is the parent, so it knows best whom to hit, and it goes on if we die.
    const auto told = start.supervisor.signal(number == SIGKILL ? SIGUSR1 : number);
    if (!told)
        return tl::make_unexpected(told.error());
    if (!*told && start.workload.isAlive())
        endOrphan(workload, start.workload, number);
    return {};
}

void RunnerLauncher::endOrphan(const Workload &workload, const ProcessIdentity &orphan, int number)
{
    QProcess *process = newProcess(
        {u"end"_s, u"--pid"_s, QString::number(orphan.pid), u"--ticks"_s, QString::number(orphan.startTicks),
         u"--signal"_s, QString::number(number), u"--grace"_s, seconds(workload.spec.cancelGrace)});
    connect(process, &QProcess::finished, this, [this, process, key = workload.key](int code) {
        if (code != 0 || process->exitStatus() == QProcess::CrashExit)
            emit warning({u"could not end an orphaned workload: "_s + failureOf(*process).value_or(QString()),
                          key, u"Cancel it again."_s});
    });
    connect(
        process, &QProcess::errorOccurred, this,
        [this, process](QProcess::ProcessError error) {
            if (error != QProcess::FailedToStart)
                return;
            emit warning({u"cannot run: "_s + process->errorString(), m_runnerProgram, {}});
            process->deleteLater();
        },
        Qt::QueuedConnection);
    process->start();
}

} // namespace cloudnode
