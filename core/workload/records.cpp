#include "workload/records.h"

#include "base/jsontext.h"
#include "record/recordnames.h"
#include "workload/recordreader.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::records {

namespace {

// The node's own keys; those it shares with the runner are in recordnames.h.
constexpr char requestId[] = "request_id";
constexpr char workloadType[] = "workload_type";
constexpr char command[] = "command";
constexpr char params[] = "params";
constexpr char workingDirectory[] = "working_directory";
constexpr char workloadUuid[] = "workload_uuid";
constexpr char receivedAt[] = "received_at";
constexpr char timeoutSeconds[] = "timeout_seconds";
constexpr char cancelGraceSeconds[] = "cancel_grace_seconds";
constexpr char memoryMiB[] = "memory_mib";
constexpr char cpuPercent[] = "cpu_percent";
constexpr char processes[] = "processes";
constexpr char niceness[] = "nice";
constexpr char ioClass[] = "io_class";
constexpr char noNewPrivileges[] = "no_new_privileges";
constexpr char uploadResults[] = "upload_results";
constexpr char resultsFolder[] = "results_folder";
constexpr char imageName[] = "image";
constexpr char needsToken[] = "needs_token";
constexpr char acked[] = "acked";
constexpr char reported[] = "reported";
constexpr char cancel[] = "cancel";
constexpr char cancelSignal[] = "signal";
constexpr char cancelAt[] = "at";
constexpr char cancelSent[] = "sent";
constexpr char cancelByOwner[] = "by_owner";
constexpr char cancelAnswered[] = "cancel_answered";
constexpr char told[] = "told";
constexpr char resultsDone[] = "results_done";
constexpr char foundAt[] = "found_at";
constexpr char stdoutShipped[] = "stdout_shipped";
constexpr char stderrShipped[] = "stderr_shipped";

constexpr qsizetype mostParams = 16 * 1024; // bytes of them in a record
constexpr double longestSeconds = 1e10;     // three centuries

constexpr std::array outcomes = {
    std::pair(WorkloadEnd::Outcome::Exited, recordnames::exited),
    std::pair(WorkloadEnd::Outcome::Signaled, recordnames::signaled),
    std::pair(WorkloadEnd::Outcome::NotStarted, recordnames::notStarted),
    std::pair(WorkloadEnd::Outcome::Unknown, recordnames::unknown),
};

constexpr std::array toldStages = {
    std::pair(Told::Nothing, "nothing"),
    std::pair(Told::Running, "running"),
    std::pair(Told::Finalizing, "finalizing"),
    std::pair(Told::End, "end"),
};

JsonText newRecord()
{
    return JsonText().add(recordnames::version, recordnames::formatVersion);
}

template <typename T>
Result<T> checked(const RecordReader &reader, T value)
{
    if (reader.problem())
        return tl::make_unexpected(*reader.problem());
    return value;
}

/// None, and a complaint, if the caller's name for it is not one.
std::optional<RequestId> readRequestId(RecordReader &reader)
{
    auto id = RequestId::parse(reader.value(requestId));
    if (!id) {
        reader.complain(requestId, u"a request id ("_s + id.error().what + u')');
        return std::nullopt;
    }
    return *id;
}

std::chrono::seconds readSeconds(RecordReader &reader, const char *key)
{
    return std::chrono::seconds(reader.count(key));
}

WorkloadLimits readLimits(RecordReader &reader)
{
    const auto number = [&reader](const char *key) {
        return static_cast<int>(std::min<qint64>(reader.count(key), std::numeric_limits<int>::max()));
    };
    return {.memoryMiB = number(memoryMiB),
            .cpuPercent = number(cpuPercent),
            .processes = number(processes),
            .niceness = number(niceness),
            .ioClass = reader.text(ioClass),
            .noNewPrivileges = reader.truth(noNewPrivileges)};
}

std::optional<double> inSeconds(const std::optional<std::chrono::milliseconds> &time)
{
    return time ? std::optional(std::chrono::duration<double>(*time).count()) : std::nullopt;
}

std::optional<std::chrono::milliseconds> readDuration(RecordReader &reader)
{
    const double seconds = reader.number(recordnames::duration);
    if (seconds < 0 || seconds > longestSeconds)
        reader.complain(recordnames::duration, u"a time"_s);
    const QJsonValue value = reader.value(recordnames::duration);
    if (!value.isDouble() || reader.problem())
        return std::nullopt;
    return std::chrono::milliseconds(std::llround(seconds * 1000));
}

/// 0 if the number is blank.
ProcessIdentity readProcess(RecordReader &reader, const char *pidKey, const char *ticksKey)
{
    const qint64 pid = reader.count(pidKey);
    if (!reader.value(pidKey).isDouble() || pid == 1 || pid > std::numeric_limits<qint32>::max())
        reader.complain(pidKey, u"the number of a process"_s);
    return {pid, static_cast<quint64>(reader.count(ticksKey)), reader.text(recordnames::bootId)};
}

QString nameOf(Told stage)
{
    const auto *found = std::find_if(toldStages.begin(), toldStages.end(),
                                     [stage](const auto &known) { return known.first == stage; });
    return QString::fromLatin1(found->second);
}

/// Records of earlier versions do not have it.
Told readTold(RecordReader &reader)
{
    const QString name = reader.text(told);
    const auto *found = std::find_if(toldStages.begin(), toldStages.end(), [&name](const auto &known) {
        return name == QLatin1StringView(known.second);
    });
    return found == toldStages.end() ? Told::Nothing : found->first;
}

WorkloadEnd::Outcome readOutcome(RecordReader &reader)
{
    const QString name = reader.text(recordnames::outcome);
    for (const auto &[outcome, text] : outcomes) {
        if (name == QLatin1StringView(text))
            return outcome;
    }
    reader.complain(recordnames::outcome, u"exited, signaled, not_started or unknown"_s);
    return WorkloadEnd::Outcome::Unknown;
}

QString nameOf(WorkloadEnd::Outcome wanted)
{
    for (const auto &[outcome, text] : outcomes) {
        if (outcome == wanted)
            return QLatin1StringView(text);
    }
    Q_UNREACHABLE();
}

std::optional<WorkloadCancel> readCancel(RecordReader &reader)
{
    const QJsonValue value = reader.value(cancel);
    if (value.isUndefined() || value.isNull())
        return std::nullopt;
    RecordReader inner(QJsonDocument(value.toObject()).toJson(), QLatin1StringView(cancel));
    const auto id = readRequestId(inner);
    const QString signal = inner.requiredText(cancelSignal);
    const QDateTime at = inner.time(cancelAt);
    const bool sent = inner.truth(cancelSent);
    const bool byOwner = inner.truth(cancelByOwner);
    if (inner.problem())
        reader.complain(cancel, u"a cancellation ("_s + inner.problem()->what + u')');
    return id ? std::optional(WorkloadCancel{*id, signal, at, sent, byOwner}) : std::nullopt;
}

} // namespace

bool holdsParams(const WorkloadSpec &spec)
{
    return !spec.params.isEmpty() && spec.params.size() <= mostParams;
}

QByteArray serialise(const WorkloadSpec &spec)
{
    JsonText record = newRecord();
    if (holdsParams(spec))
        record.addText(params, spec.params);
    return record.add(requestId, spec.requestId.toJson())
        .add(workloadType, toString(spec.type))
        .add(command, spec.command)
        .add(workingDirectory, spec.workingDirectory)
        .add(workloadUuid, spec.workloadUuid)
        .add(receivedAt, spec.receivedAt)
        .add(timeoutSeconds, spec.timeout.count())
        .add(cancelGraceSeconds, spec.cancelGrace.count())
        .add(memoryMiB, spec.limits.memoryMiB)
        .add(cpuPercent, spec.limits.cpuPercent)
        .add(processes, spec.limits.processes)
        .add(niceness, spec.limits.niceness)
        .add(ioClass, spec.limits.ioClass)
        .add(noNewPrivileges, spec.limits.noNewPrivileges)
        .add(uploadResults, spec.uploadResults)
        .add(resultsFolder, spec.resultsFolder)
        .add(imageName, spec.imageName)
        .add(needsToken, spec.needsToken)
        .line();
}

Result<WorkloadSpec> parseSpec(const QByteArray &json, const QString &where)
{
    RecordReader reader(json, where);
    const auto id = readRequestId(reader);
    const auto type = workloadTypeFromString(reader.requiredText(workloadType));
    if (!type)
        reader.complain(workloadType, u"inference, training or simulate"_s);
    if (!id || !type)
        return tl::make_unexpected(*reader.problem());
    WorkloadSpec spec{.requestId = *id,
                      .type = *type,
                      .command = reader.text(command),
                      .workingDirectory = reader.requiredText(workingDirectory),
                      .params = {},
                      .workloadUuid = reader.text(workloadUuid),
                      .receivedAt = reader.time(receivedAt),
                      .timeout = readSeconds(reader, timeoutSeconds),
                      .cancelGrace = readSeconds(reader, cancelGraceSeconds),
                      .limits = readLimits(reader),
                      .uploadResults = reader.truth(uploadResults),
                      .resultsFolder = reader.text(resultsFolder),
                      .imageName = reader.text(imageName),
                      .image = {},
                      .needsToken = reader.truth(needsToken)};
    return checked(reader, std::move(spec));
}

QByteArray paramsOf(const QByteArray &json)
{
    const QJsonValue held = QJsonDocument::fromJson(json).object().value(QLatin1StringView(params));
    return held.isObject() ? QJsonDocument(held.toObject()).toJson(QJsonDocument::Compact) : QByteArray();
}

Result<StartRecord> parseStart(const QByteArray &json, const QString &where)
{
    RecordReader reader(json, where);
    StartRecord start;
    start.workload = readProcess(reader, recordnames::pid, recordnames::startTicks);
    start.supervisor = readProcess(reader, recordnames::supervisorPid, recordnames::supervisorStartTicks);
    if (start.supervisor.pid == 0)
        reader.complain(recordnames::supervisorPid, u"the number of a process"_s);
    start.at = reader.time(recordnames::startedAt);
    return checked(reader, std::move(start));
}

QByteArray serialise(const WorkloadEnd &end)
{
    return newRecord()
        .add(recordnames::recordedBy, "node")
        .add(recordnames::outcome, nameOf(end.outcome))
        .add(recordnames::exitCode, end.exitCode)
        .add(recordnames::signal, end.signal)
        .add(recordnames::timedOut, end.timedOut)
        .add(recordnames::reason, end.reason)
        .add(recordnames::endedAt, end.at)
        .add(foundAt, end.foundAt)
        .add(recordnames::duration, inSeconds(end.duration))
        .add(recordnames::peakMemoryKiB, end.peakMemoryKiB)
        .add(recordnames::cpuSeconds, end.cpuSeconds)
        .line();
}

Result<WorkloadEnd> parseEnd(const QByteArray &json, const QString &where)
{
    RecordReader reader(json, where);
    WorkloadEnd end;
    end.outcome = readOutcome(reader);
    end.exitCode = reader.code(recordnames::exitCode);
    end.signal = reader.code(recordnames::signal);
    end.timedOut = reader.truth(recordnames::timedOut);
    end.memoryKills = reader.count(recordnames::memoryKills);
    end.reason = reader.text(recordnames::reason);
    end.at = reader.optionalTime(recordnames::endedAt);
    end.foundAt = reader.optionalTime(foundAt);
    end.duration = readDuration(reader);
    end.peakMemoryKiB = reader.count(recordnames::peakMemoryKiB);
    end.cpuSeconds = reader.number(recordnames::cpuSeconds);
    // A code that is not there is not to be guessed.
    if (end.exitCode.has_value() != (end.outcome == WorkloadEnd::Outcome::Exited))
        reader.complain(recordnames::exitCode, u"a code if, and only if, it exited"_s);
    if (end.signal.has_value() != (end.outcome == WorkloadEnd::Outcome::Signaled))
        reader.complain(recordnames::signal, u"a signal if, and only if, one ended it"_s);
    return checked(reader, std::move(end));
}

QByteArray serialiseProgress(const WorkloadProgress &progress)
{
    std::optional<JsonText> cancelText;
    if (progress.cancel) {
        cancelText = newRecord()
                         .add(requestId, progress.cancel->requestId.toJson())
                         .add(cancelSignal, progress.cancel->signalName)
                         .add(cancelAt, progress.cancel->at)
                         .add(cancelSent, progress.cancel->sent)
                         .add(cancelByOwner, progress.cancel->byOwner);
    }
    return newRecord()
        .add(acked, progress.acked)
        .add(reported, progress.reported)
        .add(cancel, cancelText)
        .add(cancelAnswered, progress.cancelAnswered)
        .add(told, nameOf(progress.told))
        .add(resultsDone, progress.resultsDone)
        .line();
}

QByteArray serialiseShipped(const WorkloadProgress &progress)
{
    return newRecord()
        .add(stdoutShipped, progress.stdoutShipped)
        .add(stderrShipped, progress.stderrShipped)
        .line();
}

Result<WorkloadProgress> parseProgress(const QByteArray &json, const QString &where)
{
    RecordReader reader(json, where);
    WorkloadProgress progress;
    progress.acked = reader.truth(acked);
    progress.reported = reader.truth(reported);
    progress.cancel = readCancel(reader);
    progress.cancelAnswered = reader.truth(cancelAnswered);
    progress.told = readTold(reader);
    progress.resultsDone = reader.truth(resultsDone);
    return checked(reader, std::move(progress));
}

Result<void> parseShipped(const QByteArray &json, const QString &where, WorkloadProgress &progress)
{
    RecordReader reader(json, where);
    const qint64 out = reader.count(stdoutShipped);
    const qint64 err = reader.count(stderrShipped);
    if (reader.problem())
        return tl::make_unexpected(*reader.problem());
    progress.stdoutShipped = out;
    progress.stderrShipped = err;
    return {};
}

} // namespace cloudnode::records
