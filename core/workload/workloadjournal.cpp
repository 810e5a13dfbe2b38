#include "workload/workloadjournal.h"

#include "platform/atomicfile.h"
#include "platform/fileoperations.h"
#include "platform/foldercontents.h"
#include "record/recordfolder.h"
#include "record/recordnames.h"
#include "workload/settled.h"

#include <QFile>
#include <QFileInfo>

using namespace Qt::Literals::StringLiterals;
using cloudnode::atomicfile::Durability;
using namespace cloudnode::fileoperations;

namespace cloudnode {

namespace {

constexpr qint64 largestRecord = 64 * 1024;

/// Of one that nobody saw end, when that was noted.
QDateTime endOf(const WorkloadEnd &end, const QString &workloadFolder)
{
    if (end.at)
        return *end.at;
    return QFileInfo(workloadFolder + u'/' + QLatin1StringView(recordnames::exitFile)).lastModified().toUTC();
}

} // namespace

Result<void> WorkloadJournal::prepare() const
{
    for (const QString &path : {m_paths.workloadsFolder(), m_paths.logsFolder()}) {
        if (auto made = atomicfile::makePrivateFolder(path); !made)
            return made;
    }
    return {};
}

Result<QStringList> WorkloadJournal::keys() const
{
    return foldercontents::folders(m_paths.workloadsFolder()).map([](QStringList names) {
        names.removeIf([](const QString &name) { return name.startsWith(u'.'); });
        return names;
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
    Entry entry{.workload = describe(*spec, m_paths.folder(key))};
    // Without it we only say again what may have been said: better than not to say it.
    if (auto loaded = loadProgress(key, entry.workload.progress); !loaded)
        entry.problem = loaded.error();
    loadLife(key, entry);
    return entry;
}

Result<WorkloadSpec> WorkloadJournal::readSpec(const QString &key) const
{
    const auto found = read(key, recordnames::specFile, records::largestSpec);
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
    const auto records = RecordFolder::open(QFile::encodeName(m_paths.activeFolder(key)).toStdString());
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
        return fail(QString::fromStdString(reason), m_paths.folder(key));
    };
    auto records = RecordFolder::open(QFile::encodeName(m_paths.folder(key)).toStdString());
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
    return atomicfile::makePrivateFolder(m_paths.historyFolder()).and_then([&] {
        return rename(m_paths.activeFolder(key), m_paths.archivedFolder(key));
    });
}

FinishedWorkload WorkloadJournal::measure(const Workload &finished) const
{
    const QString here = m_paths.activeFolder(finished.key);
    qint64 bytes = foldercontents::bytesOnDisk(here);
    if (!finished.ownResults.isEmpty())
        bytes += foldercontents::bytesOfTree(finished.ownResults);
    for (const QString &path : {finished.stdoutPath, finished.stderrPath, finished.paramsPath})
        bytes += foldercontents::bytesOnDisk(path);
    return {.key = finished.key, .endedAt = endOf(*finished.end, here), .bytes = bytes};
}

Result<FinishedWorkload> WorkloadJournal::measure(const QString &key) const
{
    const QString here = m_paths.folder(key);
    const auto end = readEnd(key);
    if (!end)
        return tl::make_unexpected(end.error());
    if (!*end)
        return fail(u"is missing"_s, here + u'/' + QLatin1StringView(recordnames::exitFile));
    qint64 bytes = foldercontents::bytesOnDisk(here);
    bytes += foldercontents::bytesOfTree(here + u'/' + QLatin1StringView(recordnames::resultsFolder));
    for (const QString &path : m_paths.logs(key))
        bytes += foldercontents::bytesOnDisk(path);
    return FinishedWorkload{.key = key, .endedAt = endOf(**end, here), .bytes = bytes};
}

Result<QString> WorkloadJournal::discard(const QString &key) const
{
    // The logs first: as long as its folder has its name, the next start knows that they are to go too.
    for (const QString &path : m_paths.logs(key)) {
        if (auto removed = remove(path); !removed)
            return tl::make_unexpected(removed.error());
    }
    // Under another name: a half removed directory must not look like a damaged one. A name costs no space,
    // which a full disk has not got.
    int number = 0;
    QString scrap;
    do
        scrap = m_paths.workloadsFolder() + u'/' + QLatin1StringView(WorkloadPaths::removedPrefix) +
                QString::number(number++) + u'-' + key;
    while (exists(scrap));
    return rename(m_paths.folder(key), scrap).map([&] { return scrap; });
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
    const QString here = m_paths.activeFolder(key);
    auto found = in(here);
    const bool mayBeArchived = found && !found->content && !exists(here);
    return mayBeArchived ? in(m_paths.archivedFolder(key)) : found;
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

Workload WorkloadJournal::describe(const WorkloadSpec &spec) const
{
    return describe(spec, m_paths.activeFolder(spec.requestId.key()));
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
    workload.stdoutPath = m_paths.log(spec.type, workload.key, WorkloadPaths::stdoutFile);
    workload.stderrPath = m_paths.log(spec.type, workload.key, WorkloadPaths::stderrFile);
    workload.paramsPath = m_paths.log(spec.type, workload.key, WorkloadPaths::paramsFile);
    if (spec.uploadResults)
        workload.ownResults = folder + u'/' + QLatin1StringView(recordnames::resultsFolder);
    if (!spec.imageName.isEmpty())
        workload.imagePath =
            folder + u'/' + QLatin1StringView(recordnames::inputsFolder) + u'/' + spec.imageName;
    return workload;
}

QString WorkloadJournal::file(const QString &key, const char *name) const
{
    return m_paths.folder(key) + u'/' + QLatin1StringView(name);
}

} // namespace cloudnode
