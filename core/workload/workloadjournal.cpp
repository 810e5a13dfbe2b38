#include "workload/workloadjournal.h"

#include "platform/atomicfile.h"
#include "platform/fileoperations.h"
#include "platform/foldercontents.h"
#include "record/recordfolder.h"
#include "record/recordnames.h"
#include "workload/settled.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include <future>

using namespace Qt::Literals::StringLiterals;
using cloudnode::atomicfile::Durability;
using namespace cloudnode::fileoperations;

namespace cloudnode {

namespace {

constexpr qint64 largestSpec = 16 * 1024 * 1024; // a command line has at most 128 KiB, but may need escapes
constexpr qint64 largestRecord = 64 * 1024;

// Keys never begin with a dot, so these are ours alone.
const QString unfinishedPrefix = u".unfinished-"_s;
const QString removedPrefix = u".removed-"_s;

/// Reading anything but a file (a pipe, say) might wait for ever.
Result<QByteArray> readFile(const QString &path, qint64 maxBytes)
{
    if (exists(path) && !isPlainFile(path))
        return fail(u"is no file"_s, path);
    return atomicfile::read(path, maxBytes);
}

/// Missing files are no error: they say that something has not happened.
template <typename T>
Result<std::optional<T>> readRecord(const QString &path,
                                    Result<T> (*parse)(const QByteArray &json, const QString &where))
{
    if (!exists(path))
        return std::nullopt;
    return readFile(path, largestRecord)
        .and_then([&](const QByteArray &json) { return parse(json, path); })
        .map([](T value) { return std::optional(std::move(value)); });
}

/// Sets space aside for the records of a run, so that a disk which is full refuses it now, not half way.
Result<void> reserveRecords(const QString &folder)
{
    const auto error = [&](const std::string &reason) {
        return Error{QString::fromStdString(reason), folder, {}};
    };
    const auto records = RecordFolder::open(QFile::encodeName(folder).toStdString());
    return records.and_then([](const RecordFolder &there) { return there.reserve(recordnames::startedFile); })
        .and_then([&] { return records->reserve(recordnames::exitFile); })
        .map_error(error);
}

/// Brought to the disk with the folder around it.
Result<void> writeImage(const QString &workloadFolder, const WorkloadSpec &spec)
{
    if (spec.imageName.isEmpty())
        return {};
    const QString inputs = workloadFolder + u'/' + QLatin1StringView(recordnames::inputsFolder);
    return atomicfile::makePrivateFolder(inputs)
        .and_then([&] { return atomicfile::writeNew(inputs + u'/' + spec.imageName, spec.image); })
        .and_then([&] { return syncFolder(inputs); });
}

} // namespace

WorkloadJournal::WorkloadJournal(QString workloadsFolder, QString logsFolder)
    : m_workloadsFolder(std::move(workloadsFolder)),
      m_logsFolder(std::move(logsFolder))
{
}

Result<void> WorkloadJournal::prepare() const
{
    for (const QString &path : {m_workloadsFolder, m_logsFolder}) {
        if (auto made = atomicfile::makePrivateFolder(path); !made)
            return made;
    }
    return {};
}

Result<QStringList> WorkloadJournal::keys() const
{
    return foldercontents::folders(m_workloadsFolder).map([](QStringList names) {
        names.removeIf([](const QString &name) { return name.startsWith(u'.'); });
        return names;
    });
}

QStringList WorkloadJournal::scraps() const
{
    QStringList names = foldercontents::folders(m_workloadsFolder).value_or(QStringList());
    names.removeIf([](const QString &name) {
        return !name.startsWith(unfinishedPrefix) && !name.startsWith(removedPrefix);
    });
    for (QString &name : names)
        name = QDir(m_workloadsFolder).filePath(name);
    return names;
}

Result<void> WorkloadJournal::create(const WorkloadSpec &spec, const Meanwhile &meanwhile) const
{
    const QString key = spec.requestId.key();
    if (exists(folder(key)))
        return fail(u"a workload of this request exists already"_s, folder(key));
    // Files of that name can only be an earlier owner's of this folder.
    for (const QString &suffix : {u"stdout.log"_s, u"stderr.log"_s, u"params.json"_s}) {
        if (auto removed = remove(logPath(spec.type, key, suffix)); !removed)
            return removed;
    }
    // The disk takes its time for each, and hardly more for two at once. Where no thread can be had, in turn.
    const QString paramsPath = logPath(spec.type, key, u"params.json"_s);
    auto paramsWritten = std::async(std::launch::async | std::launch::deferred, [&] {
        return atomicfile::writeNew(paramsPath, spec.params).and_then([&] {
            return syncFolder(m_logsFolder);
        });
    });
    QTemporaryDir unfinished(QDir(m_workloadsFolder).filePath(unfinishedPrefix) + u"XXXXXX"_s);
    if (!unfinished.isValid())
        return fail(u"cannot make a folder: "_s + unfinished.errorString(), m_workloadsFolder);
    const QString specPath = unfinished.filePath(QLatin1StringView(recordnames::specFile));
    const QString resultsPath = unfinished.filePath(QLatin1StringView(recordnames::resultsFolder));
    // Nobody looks for either file before the folder has its name, which comes last.
    auto placed =
        reserveRecords(unfinished.path())
            .and_then([&] {
                return spec.uploadResults ? atomicfile::makePrivateFolder(resultsPath) : Result<void>();
            })
            .map([&] { meanwhile(unfinished.path()); })
            .and_then([&] { return writeImage(unfinished.path(), spec); })
            .and_then([&] { return atomicfile::writeNew(specPath, records::serialise(spec)); })
            .and_then([&] { return syncFolder(unfinished.path()); })
            .and_then([&] { return paramsWritten.get(); })
            .and_then([&] { return rename(unfinished.path(), folder(key)); })
            .and_then([&] { return syncFolder(m_workloadsFolder); });
    if (placed) {
        unfinished.setAutoRemove(false);
        return placed;
    }
    // Whoever is told so must not find it running after the next start.
    (void)rename(folder(key), unfinished.path());
    if (paramsWritten.valid())
        paramsWritten.wait();
    (void)remove(paramsPath);
    return placed;
}

Result<WorkloadJournal::Entry> WorkloadJournal::load(const QString &key) const
{
    return loadAll(key).map_error([](Error problem) {
        problem.remedy = u"The folder is kept and left alone; remove it if you do not need it."_s;
        return problem;
    });
}

Result<WorkloadJournal::Entry> WorkloadJournal::loadAll(const QString &key) const
{
    const QString specPath = file(key, recordnames::specFile);
    auto spec = readFile(specPath, largestSpec).and_then([&](const QByteArray &json) {
        return records::parseSpec(json, specPath);
    });
    if (!spec)
        return tl::make_unexpected(spec.error());
    if (spec->requestId.key() != key)
        return fail(u"belongs to another request, %1"_s.arg(spec->requestId.key()), specPath);
    Entry entry{.workload = describe(*spec)};
    // Without it we only say again what may have been said: better than not to say it.
    if (auto loaded = loadProgress(key, entry.workload.progress); !loaded)
        entry.problem = loaded.error();
    loadLife(key, entry);
    return entry;
}

void WorkloadJournal::loadLife(const QString &key, Entry &entry) const
{
    const auto start = readStart(key);
    const auto end = readEnd(key);
    if (start)
        entry.start = *start;
    else
        entry.problem = start.error();
    entry.startIsDamaged = !start;
    if (end)
        entry.workload.end = *end;
    else
        entry.problem = end.error();
    if (!end)
        entry.workload.end = WorkloadEnd::because(WorkloadEnd::Outcome::Unknown,
                                                  u"the record of its end is damaged: "_s + end.error().what);
    const bool neverRan =
        entry.workload.end && entry.workload.end->outcome == WorkloadEnd::Outcome::NotStarted;
    if (entry.start && !neverRan)
        entry.workload.start = WorkloadStart{entry.start->workload.pid, entry.start->at};
}

bool WorkloadJournal::looksAnswered(const QString &key) const
{
    const auto records = RecordFolder::open(QFile::encodeName(m_workloadsFolder + u'/' + key).toStdString());
    const auto json = records ? records->read(recordnames::progressFile) : std::nullopt;
    if (!json || !records->has(recordnames::exitFile))
        return false;
    const auto progress = records::parseProgress(QByteArray::fromStdString(*json), key);
    return progress && isAnswered(*progress);
}

Result<void> WorkloadJournal::loadProgress(const QString &key, WorkloadProgress &progress) const
{
    auto read = readRecord(file(key, recordnames::progressFile), records::parseProgress);
    if (!read)
        return tl::make_unexpected(read.error());
    progress = read->value_or(WorkloadProgress());
    const QString shippedPath = file(key, recordnames::shippedFile);
    if (!exists(shippedPath))
        return {};
    return readFile(shippedPath, largestRecord).and_then([&](const QByteArray &json) {
        return records::parseShipped(json, shippedPath, progress);
    });
}

Result<std::optional<StartRecord>> WorkloadJournal::readStart(const QString &key) const
{
    return readRecord(file(key, recordnames::startedFile), records::parseStart);
}

Result<std::optional<WorkloadEnd>> WorkloadJournal::readEnd(const QString &key) const
{
    return readRecord(file(key, recordnames::exitFile), records::parseEnd);
}

Result<bool> WorkloadJournal::writeEnd(const QString &key, const WorkloadEnd &end) const
{
    const auto error = [&](const std::string &reason) {
        return fail(QString::fromStdString(reason), folder(key));
    };
    auto records = RecordFolder::open(QFile::encodeName(folder(key)).toStdString());
    if (!records)
        return error(records.error());
    const auto locked = records->tryLock();
    if (!locked)
        return error(locked.error());
    if (!*locked || records->has(recordnames::exitFile))
        return false;
    const auto written = records->write(recordnames::exitFile, records::serialise(end).toStdString(),
                                        RecordFolder::PowerCut::LeavesNone);
    if (!written)
        return error(written.error());
    return true;
}

Result<void> WorkloadJournal::writeProgress(const QString &key, const WorkloadProgress &progress) const
{
    // A mark that a power cut takes back only makes us say again what has been said. A cancel is no such
    // mark.
    const auto durability = progress.cancel ? Durability::PowerLoss : Durability::ProcessDeath;
    return atomicfile::write(file(key, recordnames::progressFile), records::serialiseProgress(progress),
                             durability);
}

Result<void> WorkloadJournal::writeShipped(const QString &key, const WorkloadProgress &progress) const
{
    return atomicfile::write(file(key, recordnames::shippedFile), records::serialiseShipped(progress),
                             Durability::ProcessDeath);
}

Result<void> WorkloadJournal::archive(const QString &key) const
{
    return atomicfile::makePrivateFolder(historyFolder()).and_then([&] {
        return rename(QDir(m_workloadsFolder).filePath(key), QDir(historyFolder()).filePath(key));
    });
}

Result<FinishedWorkload> WorkloadJournal::measure(const QString &key) const
{
    const QString exitPath = file(key, recordnames::exitFile);
    const auto end = readEnd(key);
    if (!end)
        return tl::make_unexpected(end.error());
    if (!*end)
        return fail(u"is missing"_s, exitPath);
    FinishedWorkload finished{.key = key,
                              .endedAt = (*end)->at.value_or(QFileInfo(exitPath).lastModified().toUTC()),
                              .bytes = foldercontents::bytesOnDisk(folder(key))};
    finished.bytes += foldercontents::bytesOfTree(file(key, recordnames::resultsFolder));
    for (const QString &path : logPaths(key))
        finished.bytes += foldercontents::bytesOnDisk(path);
    return finished;
}

Result<QString> WorkloadJournal::discard(const QString &key) const
{
    const QString here = folder(key);
    // The logs go into the folder first: what becomes of it becomes of them, and they take no time here.
    for (const QString &path : logPaths(key)) {
        if (!exists(path) || rename(path, QDir(here).filePath(QFileInfo(path).fileName())))
            continue;
        if (auto removed = remove(path); !removed) // on another disk, perhaps
            return tl::make_unexpected(removed.error());
    }
    // Under another name: a half removed directory must not look like a damaged one. A name costs no space,
    // which a full disk has not got.
    int number = 0;
    QString scrap;
    do
        scrap = QDir(m_workloadsFolder).filePath(removedPrefix + QString::number(number++) + u'-' + key);
    while (exists(scrap));
    return rename(here, scrap).map([&] { return scrap; });
}

QStringList WorkloadJournal::logPaths(const QString &key) const
{
    QStringList paths;
    for (const WorkloadType type :
         {WorkloadType::Inference, WorkloadType::Training, WorkloadType::Simulate}) {
        for (const QString &suffix : {u"stdout.log"_s, u"stderr.log"_s, u"params.json"_s})
            paths << logPath(type, key, suffix);
    }
    return paths;
}

QString WorkloadJournal::folder(const QString &key) const
{
    const QString usual = QDir(m_workloadsFolder).filePath(key);
    if (exists(usual))
        return usual;
    const QString archived = QDir(historyFolder()).filePath(key);
    return exists(archived) ? archived : usual;
}

QString WorkloadJournal::historyFolder() const
{
    return QDir::cleanPath(m_workloadsFolder + u"/../history"_s);
}

QString WorkloadJournal::logPath(WorkloadType type, const QString &key, const QString &suffix) const
{
    return QDir(m_logsFolder).filePath(toString(type) + u'_' + key + u'.' + suffix);
}

Workload WorkloadJournal::describe(const WorkloadSpec &spec) const
{
    Workload workload{.key = spec.requestId.key(),
                      .spec = spec,
                      .start = {},
                      .end = {},
                      .progress = {},
                      .stdoutPath = {},
                      .stderrPath = {},
                      .paramsPath = {},
                      .ownResults = {},
                      .imagePath = {}};
    workload.spec.params.clear();
    workload.spec.image.clear();
    workload.stdoutPath = logPath(spec.type, workload.key, u"stdout.log"_s);
    workload.stderrPath = logPath(spec.type, workload.key, u"stderr.log"_s);
    workload.paramsPath = logPath(spec.type, workload.key, u"params.json"_s);
    if (spec.uploadResults)
        workload.ownResults = file(workload.key, recordnames::resultsFolder);
    if (!spec.imageName.isEmpty())
        workload.imagePath = file(workload.key, recordnames::inputsFolder) + u'/' + spec.imageName;
    return workload;
}

QString WorkloadJournal::file(const QString &key, const char *name) const
{
    return QDir(folder(key)).filePath(QLatin1StringView(name));
}

} // namespace cloudnode
