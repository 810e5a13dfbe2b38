#include "workload/workloadjournal.h"

#include "base/atomicfile.h"
#include "record/recordfolder.h"
#include "record/recordnames.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>

using namespace Qt::Literals::StringLiterals;
using cloudnode::atomicfile::Durability;

namespace cloudnode {

namespace {

constexpr qint64 largestSpec = 16 * 1024 * 1024; // a command line has at most 128 KiB, but may need escapes
constexpr qint64 largestRecord = 64 * 1024;

// Keys never begin with a dot, so these are ours alone.
const QString unfinishedPrefix = u".unfinished-"_s;
const QString removedPrefix = u".removed-"_s;

bool exists(const QString &path)
{
    return QFile::exists(path) || QFileInfo(path).isSymLink();
}

Result<void> rename(const QString &from, const QString &to)
{
    if (::rename(QFile::encodeName(from).constData(), QFile::encodeName(to).constData()) != 0)
        return fail(u"cannot rename it to %1: "_s.arg(to) + systemError(errno), from);
    return {};
}

Result<void> syncFolder(const QString &path)
{
    const Descriptor folder(::open(QFile::encodeName(path).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder.isOpen() || ::fsync(folder.get()) != 0)
        return fail(u"cannot bring it to the disk: "_s + systemError(errno), path);
    return {};
}

/// Missing files are no error: they say that something has not happened.
template <typename T>
Result<std::optional<T>> readRecord(const QString &path,
                                    Result<T> (*parse)(const QByteArray &json, const QString &where))
{
    if (!exists(path))
        return std::nullopt;
    return atomicfile::read(path, largestRecord)
        .and_then([&](const QByteArray &json) { return parse(json, path); })
        .map([](T value) { return std::optional(std::move(value)); });
}

Result<void> removeFile(const QString &path)
{
    if (::unlink(QFile::encodeName(path).constData()) != 0 && errno != ENOENT)
        return fail(u"cannot remove: "_s + systemError(errno), path);
    return {};
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
    const QDir folder(m_workloadsFolder);
    const auto scraps = folder.entryList({unfinishedPrefix + u'*', removedPrefix + u'*'},
                                         QDir::Dirs | QDir::Hidden | QDir::NoSymLinks);
    for (const QString &scrap : scraps)
        QDir(folder.filePath(scrap)).removeRecursively();
    return {};
}

Result<QStringList> WorkloadJournal::keys() const
{
    const QDir folder(m_workloadsFolder);
    if (!folder.isReadable())
        return fail(u"cannot be read"_s, m_workloadsFolder);
    return folder.entryList(QDir::Dirs | QDir::NoDotAndDotDot | QDir::NoSymLinks);
}

Result<void> WorkloadJournal::create(const WorkloadSpec &spec) const
{
    const QString key = spec.requestId.key();
    if (exists(folder(key)))
        return fail(u"a workload of this request exists already"_s, folder(key));
    // Files of that name can only be an earlier owner's of this folder.
    for (const QString &suffix : {u"stdout.log"_s, u"stderr.log"_s, u"params.json"_s}) {
        if (auto removed = removeFile(logPath(spec.type, key, suffix)); !removed)
            return removed;
    }
    if (auto written = atomicfile::writeNew(logPath(spec.type, key, u"params.json"_s), spec.params); !written)
        return written;
    QTemporaryDir unfinished(QDir(m_workloadsFolder).filePath(unfinishedPrefix) + u"XXXXXX"_s);
    if (!unfinished.isValid())
        return fail(u"cannot make a folder: "_s + unfinished.errorString(), m_workloadsFolder);
    const QString specPath = unfinished.filePath(QLatin1StringView(recordnames::specFile));
    // Nobody looks for either file before the folder has its name, so that bringing both to the disk at once,
    // names last, is enough.
    auto placed = atomicfile::writeNew(specPath, records::serialise(spec))
                      .and_then([&] { return syncFolder(m_logsFolder); })
                      .and_then([&] { return syncFolder(unfinished.path()); })
                      .and_then([&] { return rename(unfinished.path(), folder(key)); });
    if (!placed)
        return placed;
    auto synced = syncFolder(m_workloadsFolder);
    if (!synced) // whoever is told so must not find it running after the next start
        (void)rename(folder(key), unfinished.path());
    else
        unfinished.setAutoRemove(false);
    return synced;
}

Result<WorkloadJournal::Entry> WorkloadJournal::load(const QString &key) const
{
    const QString specPath = file(key, recordnames::specFile);
    auto spec = atomicfile::read(specPath, largestSpec).and_then([&](const QByteArray &json) {
        return records::parseSpec(json, specPath);
    });
    if (!spec)
        return tl::make_unexpected(spec.error());
    if (spec->requestId.key() != key)
        return fail(u"belongs to another request, %1"_s.arg(spec->requestId.key()), specPath);
    auto start = readStart(key);
    if (!start)
        return tl::make_unexpected(start.error());
    auto end = readEnd(key);
    if (!end)
        return tl::make_unexpected(end.error());

    Entry entry{describe(*spec), *start, std::nullopt};
    const bool neverRan = *end && (*end)->outcome == WorkloadEnd::Outcome::NotStarted;
    if (entry.start && !neverRan)
        entry.workload.start = WorkloadStart{entry.start->workload.pid, entry.start->at};
    entry.workload.end = *end;
    // Without it we only say again what may have been said: better than not to say it.
    if (auto loaded = loadProgress(key, entry.workload.progress); !loaded)
        entry.problem = loaded.error();
    return entry;
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
    return atomicfile::read(shippedPath, largestRecord).and_then([&](const QByteArray &json) {
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
    const auto written = records->write(recordnames::exitFile, records::serialise(end).toStdString());
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

Result<void> WorkloadJournal::remove(const Workload &workload) const
{
    for (const QString &path : {workload.stdoutPath, workload.stderrPath, workload.paramsPath}) {
        if (auto removed = removeFile(path); !removed)
            return removed;
    }
    // Under another name first: a half removed directory must not look like a damaged one.
    const QString removed = QDir(m_workloadsFolder).filePath(removedPrefix + workload.key);
    if (auto renamed = rename(folder(workload.key), removed); !renamed)
        return renamed;
    if (!QDir(removed).removeRecursively())
        return fail(u"cannot be removed"_s, removed);
    return {};
}

QString WorkloadJournal::folder(const QString &key) const
{
    return QDir(m_workloadsFolder).filePath(key);
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
                      .paramsPath = {}};
    workload.spec.params.clear();
    workload.stdoutPath = logPath(spec.type, workload.key, u"stdout.log"_s);
    workload.stderrPath = logPath(spec.type, workload.key, u"stderr.log"_s);
    workload.paramsPath = logPath(spec.type, workload.key, u"params.json"_s);
    return workload;
}

QString WorkloadJournal::file(const QString &key, const char *name) const
{
    return QDir(folder(key)).filePath(QLatin1StringView(name));
}

} // namespace cloudnode
