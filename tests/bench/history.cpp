#include "bench/history.h"

#include "config/statepaths.h"
#include "record/recordnames.h"
#include "workload/records.h"
#include "workload/workloadpaths.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::bench {

namespace {

constexpr int secondsBetween = 60; // of two workloads

void writeFile(const QString &path, const QByteArray &content)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        qFatal("cannot write %s", qUtf8Printable(path));
}

QByteArray startRecord(const QDateTime &at)
{
    using namespace recordnames;
    const QJsonObject record{{QLatin1StringView(version), formatVersion},
                             {QLatin1StringView(pid), 4711},
                             {QLatin1StringView(startTicks), 4711},
                             {QLatin1StringView(supervisorPid), 4710},
                             {QLatin1StringView(supervisorStartTicks), 4710},
                             {QLatin1StringView(bootId), u"an earlier one"_s},
                             {QLatin1StringView(startedAt), at.toString(Qt::ISODateWithMs)}};
    return QJsonDocument(record).toJson(QJsonDocument::Compact) + '\n';
}

void writeWorkload(const WorkloadPaths &paths, int number, const QDateTime &at)
{
    const QByteArray output = "workload " + QByteArray::number(number) + " was here\n";
    WorkloadSpec spec{.requestId = *RequestId::parse(u"past-%1"_s.arg(number)), .receivedAt = at};
    spec.command = u"python3 inference.py --params '{\"number\": %1}'"_s.arg(number);
    spec.workingDirectory = u"/home/ada/robots"_s;
    WorkloadEnd end{.outcome = WorkloadEnd::Outcome::Exited, .exitCode = number % 9 == 3 ? 3 : 0};
    end.at = at.addSecs(secondsBetween / 2);
    const WorkloadProgress progress{.acked = true, .reported = true, .stdoutShipped = output.size()};

    const QString key = spec.requestId.key();
    const QDir folder(paths.folder(key));
    QDir().mkpath(folder.path());
    writeFile(folder.filePath(QLatin1StringView(recordnames::specFile)), records::serialise(spec));
    writeFile(folder.filePath(QLatin1StringView(recordnames::startedFile)), startRecord(at));
    writeFile(folder.filePath(QLatin1StringView(recordnames::exitFile)), records::serialise(end));
    writeFile(folder.filePath(QLatin1StringView(recordnames::progressFile)),
              records::serialiseProgress(progress));
    writeFile(folder.filePath(QLatin1StringView(recordnames::shippedFile)),
              records::serialiseShipped(progress));
    writeFile(paths.log(spec.type, key, WorkloadPaths::stdoutFile), output);
    writeFile(paths.log(spec.type, key, WorkloadPaths::stderrFile), {});
    writeFile(paths.log(spec.type, key, WorkloadPaths::paramsFile), "{}");
}

} // namespace

void writeHistory(const QString &stateDir, int count)
{
    const StatePaths state(stateDir);
    const WorkloadPaths paths(state.workloads(), state.workloadLogs());
    QDir().mkpath(paths.workloadsFolder());
    QDir().mkpath(paths.logsFolder());
    const QDateTime first = QDateTime::currentDateTimeUtc().addSecs(-qint64{count} * secondsBetween);
    for (int i = 0; i < count; ++i)
        writeWorkload(paths, i, first.addSecs(qint64{i} * secondsBetween));
}

} // namespace cloudnode::bench
