#include "workload/workloadjournal.h"

#include "platform/atomicfile.h"
#include "platform/fileoperations.h"
#include "platform/foldercontents.h"
#include "record/recordfolder.h"
#include "record/recordnames.h"
#include "workload/settled.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>

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

/// Of one that nobody saw end, when that was noted.
QDateTime endOf(const WorkloadEnd &end, const QString &workloadFolder)
{
    if (end.at)
        return *end.at;
    return QFileInfo(workloadFolder + u'/' + QLatin1StringView(recordnames::exitFile)).lastModified().toUTC();
}

Result<void> writeImage(const QString &workloadFolder, const WorkloadSpec &spec)
{
    if (spec.imageName.isEmpty())
        return {};
    const QString inputs = workloadFolder + u'/' + QLatin1StringView(recordnames::inputsFolder);
    return atomicfile::makePrivateFolder(inputs)
        .and_then([&] { return atomicfile::writeNew(inputs + u'/' + spec.imageName, spec.image); })
        .and_then([&] { return syncFolder(inputs); })
        .and_then([&] { return syncFolder(workloadFolder); });
}

/// No folder for results if it is to have none: where a power cut brings that back, it is empty and nobody is
/// told of it.
void removeResults(const QString &workloadFolder, const WorkloadSpec &spec)
{
    if (!spec.uploadResults)
        QDir(workloadFolder).rmdir(QLatin1StringView(recordnames::resultsFolder));
}

} // namespace

WorkloadJournal::WorkloadJournal(const QString &workloadsFolder, const QString &logsFolder)
    : m_workloadsFolder(QDir::cleanPath(workloadsFolder)),
      m_logsFolder(QDir::cleanPath(logsFolder)),
      m_historyFolder(QDir::cleanPath(workloadsFolder + u"/../history"_s))
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

QStringList WorkloadJournal::hidden(const QString &prefix) const
{
    QStringList paths;
    for (const QString &name : foldercontents::folders(m_workloadsFolder).value_or(QStringList())) {
        if (name.startsWith(prefix))
            paths << m_workloadsFolder + u'/' + name;
    }
    return paths;
}

QStringList WorkloadJournal::scraps() const
{
    QStringList paths = hidden(unfinishedPrefix);
    paths.removeIf([this](const QString &path) { return acceptedIn(path).has_value(); });
    return paths + hidden(removedPrefix);
}

std::unique_ptr<SpareFolders> WorkloadJournal::spareFolders() const
{
    return std::make_unique<SpareFolders>(m_workloadsFolder, unfinishedPrefix);
}

Result<void> WorkloadJournal::create(const WorkloadSpec &spec, SpareFolders &spares,
                                     const Meanwhile &meanwhile) const
{
    const QString key = spec.requestId.key();
    if (exists(folder(key)))
        return fail(u"a workload of this request exists already"_s, folder(key));
    const auto taken = spares.take();
    if (!taken)
        return tl::make_unexpected(taken.error());
    QTemporaryDir &unfinished = **taken;
    const QString record = unfinished.filePath(QLatin1StringView(recordnames::specFile));
    // Nobody looks for any of the files before the folder has its name, which comes last.
    meanwhile(unfinished.path());
    const bool paramsInRecord = records::holdsParams(spec);
    auto placed =
        writeImage(unfinished.path(), spec)
            .and_then([&] { return paramsInRecord ? Result<void>() : placeParams(unfinished.path(), spec); })
            // This accepts it: with its record on the disk, nameAccepted() finds it, under whatever name.
            .and_then(
                [&] { return atomicfile::fill(record, records::serialise(spec), Durability::PowerLoss); })
            // What can be made anew comes behind it: a file system that finds changes in a new file's folder
            // takes them to the disk with the file.
            .and_then([&] { return paramsInRecord ? placeParams(unfinished.path(), spec) : Result<void>(); })
            .and_then([&] { return placeLog(unfinished.path(), SpareFolders::stdoutFile, spec); })
            .and_then([&] { return placeLog(unfinished.path(), SpareFolders::stderrFile, spec); })
            .and_then([&] { return rename(unfinished.path(), activeFolder(key)); });
    if (placed) {
        removeResults(activeFolder(key), spec);
        unfinished.setAutoRemove(false);
        return placed;
    }
    // Whoever is told so must not find it running after the next start.
    (void)atomicfile::empty(record);
    for (const char *suffix : {SpareFolders::stdoutFile, SpareFolders::stderrFile, SpareFolders::paramsFile})
        (void)remove(logPath(spec.type, key, QLatin1StringView(suffix)));
    return placed;
}

QList<Error> WorkloadJournal::nameAccepted() const
{
    QList<Error> problems;
    for (const QString &unfinished : hidden(unfinishedPrefix)) {
        const auto spec = acceptedIn(unfinished);
        if (!spec)
            continue;
        if (auto named = giveName(unfinished, *spec); !named)
            problems << named.error();
    }
    return problems;
}

std::optional<WorkloadSpec> WorkloadJournal::acceptedIn(const QString &unfinished) const
{
    const QString path = unfinished + u'/' + QLatin1StringView(recordnames::specFile);
    const auto record = fileoperations::read(path, largestSpec);
    if (!record || !*record)
        return std::nullopt;
    const auto spec = records::parseSpec(**record, path);
    const bool isAccepted = spec && !exists(folder(spec->requestId.key()));
    return isAccepted ? std::optional(*spec) : std::nullopt;
}

Result<void> WorkloadJournal::giveName(const QString &unfinished, const WorkloadSpec &spec) const
{
    Result<void> placed;
    for (const char *suffix : {SpareFolders::stdoutFile, SpareFolders::stderrFile}) {
        if (exists(unfinished + u'/' + QLatin1StringView(suffix)))
            placed = placed.and_then([&] { return placeLog(unfinished, suffix, spec); });
    }
    // Parameters that are not in the record too are in their place already, and must stay there.
    const QString params = QLatin1StringView(SpareFolders::paramsFile);
    (void)rename(unfinished + u'/' + params, logPath(spec.type, spec.requestId.key(), params));
    return placed.and_then([&] { return rename(unfinished, activeFolder(spec.requestId.key())); });
}

/// A file of its name among the logs can only be an earlier owner's of this folder, and goes. Where the file
/// cannot be moved, as between disks, another one has to be made in its place.
Result<void> WorkloadJournal::placeLog(const QString &unfinished, const char *suffix,
                                       const WorkloadSpec &spec) const
{
    const QString name = QLatin1StringView(suffix);
    const QString path = logPath(spec.type, spec.requestId.key(), name);
    return rename(unfinished + u'/' + name, path) ? Result<void>() : remove(path);
}

Result<void> WorkloadJournal::placeParams(const QString &unfinished, const WorkloadSpec &spec) const
{
    // What is in the record too is written again if a power cut takes it.
    const bool hold = records::holdsParams(spec);
    const QString spare = unfinished + u'/' + QLatin1StringView(SpareFolders::paramsFile);
    return atomicfile::fill(spare, spec.params, hold ? Durability::ProcessDeath : Durability::PowerLoss)
        .and_then([&] { return placeLog(unfinished, SpareFolders::paramsFile, spec); })
        .and_then([&] { return exists(spare) ? writeParams(spec) : Result<void>(); })
        .and_then([&] { return hold ? Result<void>() : syncFolder(m_logsFolder); });
}

Result<void> WorkloadJournal::writeParams(const WorkloadSpec &spec) const
{
    return atomicfile::write(
        logPath(spec.type, spec.requestId.key(), QLatin1StringView(SpareFolders::paramsFile)), spec.params,
        records::holdsParams(spec) ? Durability::ProcessDeath : Durability::PowerLoss);
}

Result<void> WorkloadJournal::restoreParams(const QString &key) const
{
    return read(key, recordnames::specFile, largestSpec).and_then([this](const Found &record) {
        const QByteArray json = record.content.value_or(QByteArray());
        return records::parseSpec(json, record.path).and_then([&](WorkloadSpec spec) {
            spec.params = records::paramsOf(json);
            return records::holdsParams(spec) ? writeParams(spec) : Result<void>();
        });
    });
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
    const auto spec = readSpec(key);
    if (!spec)
        return tl::make_unexpected(spec.error());
    Entry entry{.workload = describe(*spec, folder(key))};
    // Without it we only say again what may have been said: better than not to say it.
    if (auto loaded = loadProgress(key, entry.workload.progress); !loaded)
        entry.problem = loaded.error();
    loadLife(key, entry);
    return entry;
}

Result<WorkloadSpec> WorkloadJournal::readSpec(const QString &key) const
{
    const auto found = read(key, recordnames::specFile, largestSpec);
    if (!found)
        return tl::make_unexpected(found.error());
    if (!found->content)
        return fail(u"is missing"_s, found->path);
    auto spec = records::parseSpec(*found->content, found->path);
    if (spec && spec->requestId.key() != key)
        return fail(u"belongs to another request, %1"_s.arg(spec->requestId.key()), found->path);
    return spec;
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
    const auto known = readRecord(key, recordnames::progressFile, records::parseProgress);
    if (!known)
        return tl::make_unexpected(known.error());
    progress = known->value_or(WorkloadProgress());
    return read(key, recordnames::shippedFile, largestRecord).and_then([&](const Found &shipped) {
        return shipped.content ? records::parseShipped(*shipped.content, shipped.path, progress)
                               : Result<void>();
    });
}

Result<std::optional<StartRecord>> WorkloadJournal::readStart(const QString &key) const
{
    return readRecord(key, recordnames::startedFile, records::parseStart);
}

Result<std::optional<WorkloadEnd>> WorkloadJournal::readEnd(const QString &key) const
{
    return readRecord(key, recordnames::exitFile, records::parseEnd);
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
    const auto written = records->writeEnd(records::serialise(end).toStdString());
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
    return atomicfile::makePrivateFolder(m_historyFolder).and_then([&] {
        return rename(activeFolder(key), m_historyFolder + u'/' + key);
    });
}

FinishedWorkload WorkloadJournal::measure(const Workload &finished) const
{
    const QString here = activeFolder(finished.key);
    qint64 bytes = foldercontents::bytesOnDisk(here);
    if (!finished.ownResults.isEmpty())
        bytes += foldercontents::bytesOfTree(finished.ownResults);
    for (const QString &path : {finished.stdoutPath, finished.stderrPath, finished.paramsPath})
        bytes += foldercontents::bytesOnDisk(path);
    return {.key = finished.key, .endedAt = endOf(*finished.end, here), .bytes = bytes};
}

Result<FinishedWorkload> WorkloadJournal::measure(const QString &key) const
{
    const QString here = folder(key);
    const auto end = readEnd(key);
    if (!end)
        return tl::make_unexpected(end.error());
    if (!*end)
        return fail(u"is missing"_s, here + u'/' + QLatin1StringView(recordnames::exitFile));
    qint64 bytes = foldercontents::bytesOnDisk(here);
    bytes += foldercontents::bytesOfTree(here + u'/' + QLatin1StringView(recordnames::resultsFolder));
    for (const QString &path : logPaths(key))
        bytes += foldercontents::bytesOnDisk(path);
    return FinishedWorkload{.key = key, .endedAt = endOf(**end, here), .bytes = bytes};
}

Result<QString> WorkloadJournal::discard(const QString &key) const
{
    // The logs first: as long as its folder has its name, the next start knows that they are to go too.
    for (const QString &path : logPaths(key)) {
        if (auto removed = remove(path); !removed)
            return tl::make_unexpected(removed.error());
    }
    // Under another name: a half removed directory must not look like a damaged one. A name costs no space,
    // which a full disk has not got.
    int number = 0;
    QString scrap;
    do
        scrap = QDir(m_workloadsFolder).filePath(removedPrefix + QString::number(number++) + u'-' + key);
    while (exists(scrap));
    return rename(folder(key), scrap).map([&] { return scrap; });
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

Result<WorkloadJournal::Found> WorkloadJournal::read(const QString &key, const char *name,
                                                     qint64 maxBytes) const
{
    const auto in = [&](const QString &folder) {
        const QString path = folder + u'/' + QLatin1StringView(name);
        return fileoperations::read(path, maxBytes).map([&](std::optional<QByteArray> content) {
            return Found{path, std::move(content)};
        });
    };
    const QString here = activeFolder(key);
    auto found = in(here);
    const bool mayBeArchived = found && !found->content && !exists(here);
    return mayBeArchived ? in(m_historyFolder + u'/' + key) : found;
}

template <typename T>
Result<std::optional<T>> WorkloadJournal::readRecord(const QString &key, const char *name,
                                                     Result<T> (*parse)(const QByteArray &json,
                                                                        const QString &where)) const
{
    const auto found = read(key, name, largestRecord);
    if (!found)
        return tl::make_unexpected(found.error());
    if (!found->content)
        return std::nullopt;
    return parse(*found->content, found->path).map([](T value) { return std::optional(std::move(value)); });
}

QString WorkloadJournal::activeFolder(const QString &key) const
{
    return m_workloadsFolder + u'/' + key;
}

QString WorkloadJournal::folder(const QString &key) const
{
    QString usual = activeFolder(key);
    if (exists(usual))
        return usual;
    const QString archived = m_historyFolder + u'/' + key;
    return exists(archived) ? archived : usual;
}

QString WorkloadJournal::logPath(WorkloadType type, const QString &key, const QString &suffix) const
{
    return m_logsFolder + u'/' + toString(type) + u'_' + key + u'.' + suffix;
}

Workload WorkloadJournal::describe(const WorkloadSpec &spec) const
{
    return describe(spec, activeFolder(spec.requestId.key()));
}

Workload WorkloadJournal::describe(const WorkloadSpec &spec, const QString &folder) const
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
        workload.ownResults = folder + u'/' + QLatin1StringView(recordnames::resultsFolder);
    if (!spec.imageName.isEmpty())
        workload.imagePath =
            folder + u'/' + QLatin1StringView(recordnames::inputsFolder) + u'/' + spec.imageName;
    return workload;
}

QString WorkloadJournal::file(const QString &key, const char *name) const
{
    return folder(key) + u'/' + QLatin1StringView(name);
}

} // namespace cloudnode
