#include "node/timeline.h"

#include "base/isotime.h"
#include "node/linefile.h"
#include "node/workloadresponses.h"
#include "platform/fileoperations.h"

#include <QFileInfo>
#include <QJsonObject>

#include <algorithm>
#include <vector>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

QJsonObject entry(const QDateTime &at, const QString &what, const QString &text)
{
    return {{u"at"_s, isoTime(at)}, {u"what"_s, what}, {u"text"_s, text}};
}

QString cpuAndMemory(const WorkloadEnd &end)
{
    if (end.peakMemoryKiB == 0)
        return {};
    return u"; it took %1 s of processor time and at most %2 MiB a process"_s.arg(end.cpuSeconds, 0, 'f', 1)
        .arg(end.peakMemoryKiB / 1024);
}

/// Earlier nodes have not noted when they found out about an end that nobody saw.
QDateTime timeOf(const WorkloadEnd &end)
{
    return end.at ? *end.at : end.foundAt.value_or(QDateTime::currentDateTimeUtc());
}

QJsonObject endOf(const Workload &workload)
{
    const WorkloadReport report = responses::report(workload);
    QString text = workload.end->at ? u"Ended: "_s : u"Found to have ended: "_s;
    text += toString(report.status);
    if (!report.signalName.isEmpty())
        text += u", by "_s + report.signalName;
    else if (report.exitCode)
        text += u", exit code %1"_s.arg(*report.exitCode);
    if (workload.end->timedOut)
        text += u"; its time limit of %1 s was over"_s.arg(workload.spec.timeout.count());
    if (!workload.end->reason.isEmpty())
        text += u"; "_s + workload.end->reason;
    return entry(timeOf(*workload.end), u"ended"_s, text + cpuAndMemory(*workload.end));
}

QString timeOf(const QJsonObject &object)
{
    return object.value("at"_L1).toString();
}

bool isRecorded(const QJsonObject &entry)
{
    return entry.value("what"_L1) == "recorded"_L1;
}

/// The runner dates its record when it prepares the start. It starts nothing before the entry `before`.
QJsonObject startOf(const WorkloadStart &start, const QJsonObject &before)
{
    QJsonObject started = entry(start.at, u"started"_s, u"Started as process %1"_s.arg(start.pid));
    if (timeOf(started) < timeOf(before))
        started[u"at"_s] = before.value("at"_L1);
    return started;
}

} // namespace

Timeline::Timeline(const WorkloadPool &pool, QObject *parent)
    : QObject(parent),
      m_pool(pool),
      m_lines(fileBytes)
{
    connect(&m_lines, &LineWriter::failed, this, [this](const QString &file, const Error &reason) {
        if (fileoperations::exists(QFileInfo(file).path())) // else its workload has been removed meanwhile
            emit warning(reason);
    });
}

QString Timeline::path(const QString &key) const
{
    return m_pool.folderOf(key) + u"/timeline.jsonl"_s;
}

void Timeline::add(const QString &key, const QString &what, const QString &text, const QDateTime &at)
{
    m_lines.add(path(key), JsonText().add("at", at).add("what", what).add("text", text).object());
}

QJsonArray Timeline::of(const Workload &workload) const
{
    std::vector<QJsonObject> entries{entry(workload.spec.receivedAt, u"received"_s,
                                           u"Received a request for %1"_s.arg(toString(workload.spec.type)))};
    QList<QJsonObject> noted;
    const QString file = path(workload.key);
    const auto lines = linefile::readLast(file, 2 * fileBytes, 5000, m_lines.pending(file));
    for (const auto &line : linefile::objectsOf(lines))
        noted.append(line.toObject());
    const auto recorded = std::find_if(noted.begin(), noted.end(), isRecorded);
    if (recorded != noted.end())
        entries.push_back(noted.takeAt(recorded - noted.begin()));
    if (workload.start)
        entries.push_back(startOf(*workload.start, entries.back()));
    if (workload.end)
        entries.push_back(endOf(workload));
    entries.insert(entries.end(), noted.cbegin(), noted.cend());
    std::stable_sort(entries.begin(), entries.end(),
                     [](const auto &a, const auto &b) { return timeOf(a) < timeOf(b); });
    QJsonArray life;
    for (const QJsonObject &one : entries)
        life.append(one);
    return life;
}

} // namespace cloudnode
