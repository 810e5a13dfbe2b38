#include "node/chronicle.h"

#include "cloud/commandlink.h"
#include "node/backendreporter.h"
#include "node/canceller.h"
#include "node/commandhandler.h"
#include "node/heartbeat.h"
#include "node/pause.h"
#include "node/reconciler.h"
#include "node/registration.h"
#include "node/reporter.h"
#include "node/workloadlogs.h"
#include "node/workloadresponses.h"
#include "node/workloadresults.h"

#include <QLoggingCategory>

using namespace Qt::Literals::StringLiterals;

Q_LOGGING_CATEGORY(logNode, "cloudnode", QtInfoMsg)

namespace cloudnode {

using Kind = Troubles::Kind;

namespace {

QString filesInWords(qsizetype count)
{
    return count == 1 ? u"1 result file"_s : u"%1 result files"_s.arg(count);
}

} // namespace

Chronicle::Chronicle(const WorkloadPool &pool, const QString &eventsPath, QObject *parent)
    : QObject(parent),
      m_pool(pool),
      m_journal(eventsPath),
      m_timeline(pool)
{
    // Not into the journal: it is the journal that cannot be written.
    const auto logOnly = [this](const Error &problem) { log(Level::Warning, problem.text()); };
    connect(&m_journal, &EventJournal::warning, this, logOnly);
    connect(&m_timeline, &Timeline::warning, this, logOnly);
}

void Chronicle::log(Level level, const QString &text) const
{
    if (level == Level::Info)
        qCInfo(logNode).noquote() << text;
    else if (level == Level::Warning)
        qCWarning(logNode).noquote() << text;
    else
        qCCritical(logNode).noquote() << text;
}

void Chronicle::note(const QString &kind, Level level, const QString &text, const QJsonValue &requestId)
{
    log(level, text);
    record(kind, level, text, requestId);
}

void Chronicle::record(const QString &kind, Level level, const QString &text, const QJsonValue &requestId)
{
    m_afterwards.add([=, this] { m_journal.add(kind, level, text, requestId); });
}

void Chronicle::recordOf(const QString &key, const QString &what, const QString &text, const QDateTime &at)
{
    m_afterwards.add([=, this] { m_timeline.add(key, what, text, at); });
}

void Chronicle::warn(const Error &problem)
{
    note(u"node"_s, Level::Warning, problem.text());
}

void Chronicle::installFailed(const Error &reason)
{
    m_troubles.raise(Kind::Install, reason);
    note(u"install"_s, Level::Error, reason.text());
    emit changed();
}

void Chronicle::noteWorkload(const QString &key, Level level, const QString &text)
{
    const Workload *workload = m_pool.findByKey(key);
    note(u"workload"_s, level, text,
         workload ? workload->spec.requestId.toJson() : QJsonValue(QJsonValue::Null));
}

void Chronicle::follow(const WorkloadPool &pool)
{
    connect(&pool, &WorkloadPool::warning, this, &Chronicle::warn);
    connect(&pool, &WorkloadPool::started, this, [this](const QString &key) {
        noteWorkload(key, Level::Info,
                     u"workload %1 runs, pid %2"_s.arg(key).arg(m_pool.findByKey(key)->start->pid));
    });
    connect(&pool, &WorkloadPool::orphaned, this, [this](const QString &key) {
        const QString what =
            u"runs on without its supervisor, which was killed: how it ends nobody will see"_s;
        recordOf(key, u"orphaned"_s, u"It "_s + what);
        noteWorkload(key, Level::Warning, u"workload %1 %2"_s.arg(key, what));
    });
    connect(&pool, &WorkloadPool::ended, this, &Chronicle::workloadEnded);
}

void Chronicle::workloadEnded(const QString &key)
{
    const WorkloadReport report = responses::report(*m_pool.findByKey(key));
    const bool asWished = report.status == WorkloadReport::Status::Completed ||
                          report.status == WorkloadReport::Status::Cancelled;
    noteWorkload(key, asWished ? Level::Info : Level::Warning,
                 u"workload %1 has ended: %2%3"_s.arg(
                     key, toString(report.status),
                     report.exitCode ? u", exit code %1"_s.arg(*report.exitCode) : QString()));
}

void Chronicle::follow(const CommandHandler &handler)
{
    connect(&handler, &CommandHandler::warning, this, &Chronicle::warn);
    connect(&handler, &CommandHandler::accepted, this, [this](const QString &key) {
        recordOf(key, u"recorded"_s, u"Accepted and written down: it will run exactly once"_s);
        noteWorkload(key, Level::Info, u"accepted workload %1"_s.arg(key));
    });
    connect(&handler, &CommandHandler::refused, this, [this](const RequestId &id, const Error &reason) {
        note(u"workload"_s, Level::Warning, u"refused request %1: %2"_s.arg(id.text(), reason.text()),
             id.toJson());
    });
}

void Chronicle::follow(const Canceller &canceller)
{
    connect(&canceller, &Canceller::warning, this, &Chronicle::warn);
    connect(&canceller, &Canceller::signalled, this,
            [this](const QString &key, const WorkloadCancel &request) {
                const QString asker = request.byOwner ? u"the owner of this computer"_s
                                                      : u"request "_s + request.requestId.text();
                recordOf(key, u"signal"_s, u"%1, asked for by %2"_s.arg(request.signalName, asker),
                         request.at); // it may have worked before we come to note it
                noteWorkload(key, Level::Info,
                             u"workload %1 is cancelled with %2 by %3"_s.arg(key, request.signalName, asker));
            });
}

void Chronicle::follow(const Reporter &reporter)
{
    connect(&reporter, &Reporter::warning, this, &Chronicle::warn);
    connect(&reporter, &Reporter::sending, this, [this](const QString &key, bool final) {
        recordOf(key, final ? u"report_sent"_s : u"acknowledgement_sent"_s,
                 final ? u"Sent the result to the broker"_s : u"Sent to the broker that it has started"_s);
    });
    connect(&reporter, &Reporter::acknowledged, this, [this](const QString &key) {
        recordOf(key, u"acknowledgement_delivered"_s, u"The broker has it that it has started"_s);
    });
    connect(&reporter, &Reporter::reported, this, [this](const QString &key) {
        recordOf(key, u"report_delivered"_s, u"The broker has the result"_s);
        noteWorkload(key, Level::Info, u"the result of workload %1 is delivered"_s.arg(key));
        emit changed();
    });
}

void Chronicle::follow(const BackendReporter &reporter)
{
    connect(&reporter, &BackendReporter::warning, this, &Chronicle::warn);
    connect(&reporter, &BackendReporter::told, this,
            [this](const QString &key, WorkloadUpdate::Status status) {
                const QString word = toString(status);
                recordOf(key, u"backend_told"_s, u"The backend knows that it is %1"_s.arg(word));
            });
    connect(&reporter, &BackendReporter::rejected, this, [this](const QString &uuid, const Error &reason) {
        note(u"backend"_s, Level::Info,
             u"the backend does not take the state of its workload %1: %2"_s.arg(uuid, reason.text()));
    });
}

void Chronicle::follow(const Reconciler &reconciler)
{
    connect(&reconciler, &Reconciler::warning, this, &Chronicle::warn);
    connect(&reconciler, &Reconciler::ending, this, [this](const QString &key, const QString &why) {
        recordOf(key, u"unwanted"_s, u"It is ended: "_s + why);
        noteWorkload(key, Level::Warning, u"workload %1 is ended: %2"_s.arg(key, why));
    });
}

void Chronicle::follow(const WorkloadLogs &logs)
{
    connect(&logs, &WorkloadLogs::warning, this, &Chronicle::warn);
    connect(&logs, &WorkloadLogs::shipped, this, [this](const QString &key) {
        recordOf(key, u"logs_shipped"_s, u"The backend has all of its output"_s);
    });
}

void Chronicle::follow(const WorkloadResults &results)
{
    connect(&results, &WorkloadResults::warning, this, &Chronicle::warn);
    connect(&results, &WorkloadResults::filesFound, this, [this](const QString &key, qsizetype count) {
        if (count > 0)
            recordOf(key, u"results_found"_s, u"Found %1 to upload"_s.arg(filesInWords(count)));
    });
    connect(&results, &WorkloadResults::waiting, this, [this](const QString &key, const Error &reason) {
        recordOf(key, u"results_wait"_s, u"Results wait: "_s + reason.text());
        log(Level::Warning, u"results of workload %1 wait: %2"_s.arg(key, reason.text()));
    });
    connect(&results, &WorkloadResults::gaveUp, this, [this](const QString &key, const Error &reason) {
        recordOf(key, u"result_given_up"_s, reason.text());
        noteWorkload(key, Level::Warning, u"workload %1: %2"_s.arg(key, reason.text()));
    });
    connect(&results, &WorkloadResults::finished, this, &Chronicle::resultsDone);
}

void Chronicle::resultsDone(const QString &key, const UploadSummary &summary)
{
    if (summary.stored + summary.givenUp == 0)
        return;
    QString text = u"%1 uploaded"_s.arg(filesInWords(summary.stored));
    if (summary.stored > 0)
        text += summary.confirmed ? u" and removed here"_s : u", but not confirmed, so kept here"_s;
    if (summary.givenUp > 0)
        text += u"; %1 given up"_s.arg(filesInWords(summary.givenUp));
    if (summary.leftOut > 0)
        text += u"; %1 left out, as there are too many"_s.arg(filesInWords(summary.leftOut));
    const bool asWished = summary.confirmed && summary.givenUp == 0 && summary.leftOut == 0;
    recordOf(key, u"results_done"_s, text);
    noteWorkload(key, asWished ? Level::Info : Level::Warning, u"workload %1: %2"_s.arg(key, text));
    emit changed();
}

void Chronicle::follow(const CommandLink &link)
{
    connect(&link, &CommandLink::warning, this, &Chronicle::warn);
    connect(&link, &CommandLink::up, this, &Chronicle::brokerUp);
    connect(&link, &CommandLink::down, this, &Chronicle::brokerDown);
}

void Chronicle::brokerUp()
{
    m_brokerUp = true;
    m_brokerSince = QDateTime::currentDateTimeUtc();
    m_troubles.clear(Kind::Broker);
    record(u"broker"_s, Level::Info, u"connected to the broker"_s);
    emit changed();
}

void Chronicle::brokerDown(const Error &reason)
{
    log(Level::Warning, reason.text());
    if (m_brokerUp || !m_brokerSince)
        m_brokerSince = QDateTime::currentDateTimeUtc();
    m_brokerUp = false;
    if (!m_troubles.has(Kind::Broker)) // every attempt would be a flood
        record(u"broker"_s, Level::Warning, reason.text());
    m_troubles.raise(Kind::Broker, reason);
    emit changed();
}

void Chronicle::follow(const Registration &registration)
{
    connect(&registration, &Registration::retrying, this, &Chronicle::registrationFailed);
    connect(&registration, &Registration::registered, this, [this](const Instance &instance) {
        m_troubles.clear(Kind::Registration);
        note(u"node"_s, Level::Info, u"registered as %1 (%2)"_s.arg(instance.slug, instance.uuid));
        emit changed();
    });
    connect(&registration, &Registration::rejected, this, &Chronicle::tokenRejected);
}

void Chronicle::tokenRejected(const Error &reason)
{
    m_troubles.raise(Kind::Token, reason);
    note(u"token"_s, Level::Error, reason.text());
    emit changed();
}

void Chronicle::registrationFailed(const Error &reason, std::chrono::milliseconds wait)
{
    const QString text = u"not registered yet: "_s + reason.text();
    const QString seconds = QString::number(static_cast<double>(wait.count()) / 1000, 'f', 1);
    log(Level::Warning, text + u"; next try in %1 s"_s.arg(seconds));
    if (!m_troubles.has(Kind::Registration))
        record(u"node"_s, Level::Warning, text);
    m_troubles.raise(Kind::Registration, reason);
    emit changed();
}

void Chronicle::follow(const Heartbeat &heartbeat)
{
    connect(&heartbeat, &Heartbeat::failed, this, &Chronicle::heartbeatFailed);
    connect(&heartbeat, &Heartbeat::beat, this, &Chronicle::heartbeatOk);
    connect(&heartbeat, &Heartbeat::rejected, this, &Chronicle::tokenRejected);
}

void Chronicle::heartbeatFailed(const Error &reason, int inARow)
{
    log(Level::Warning, u"heartbeat failed (%1 in a row): %2"_s.arg(inARow).arg(reason.text()));
    if (inARow == 1)
        record(u"heartbeat"_s, Level::Warning, u"the heartbeat fails: "_s + reason.text());
    m_troubles.raise(Kind::Heartbeat, reason);
    emit changed();
}

void Chronicle::heartbeatOk()
{
    if (m_troubles.clear(Kind::Heartbeat))
        note(u"heartbeat"_s, Level::Info, u"the heartbeat gets through again"_s);
    emit changed();
}

void Chronicle::follow(const Pause &pause)
{
    connect(&pause, &Pause::changed, this, [this](bool active) {
        note(u"node"_s, Level::Info,
             active ? u"paused by its owner: new workloads are refused"_s
                    : u"resumed by its owner: workloads are taken again"_s);
    });
}

} // namespace cloudnode
