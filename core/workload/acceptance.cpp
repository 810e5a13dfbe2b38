#include "workload/acceptance.h"

#include "platform/fileoperations.h"
#include "record/recordnames.h"
#include "workload/records.h"

#include <QDir>
#include <QTemporaryDir>

#include <utility>

using namespace Qt::Literals::StringLiterals;
using cloudnode::atomicfile::Durability;
using namespace cloudnode::fileoperations;

namespace cloudnode {

namespace {

QString recordOf(const QString &workloadFolder)
{
    return workloadFolder + u'/' + QLatin1StringView(recordnames::specFile);
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

Acceptance::Acceptance(WorkloadPaths paths)
    : m_paths(std::move(paths)),
      m_spares(m_paths.workloadsFolder(), QLatin1StringView(WorkloadPaths::unfinishedPrefix))
{
}

Result<void> Acceptance::create(const WorkloadSpec &spec, const Meanwhile &meanwhile)
{
    const QString key = spec.requestId.key();
    if (const QString folder = m_paths.folder(key); exists(folder))
        return fail(u"a workload of this request exists already"_s, folder);
    const auto taken = m_spares.take();
    if (!taken)
        return tl::make_unexpected(taken.error());
    QTemporaryDir &unfinished = **taken;
    // Nobody looks for any of the files before the folder has its name, which comes last.
    meanwhile(unfinished.path());
    auto made = make(unfinished.path(), spec);
    if (made) {
        removeResults(m_paths.activeFolder(key), spec);
        unfinished.setAutoRemove(false);
        return made;
    }
    // Whoever is told so must not find it running after the next start.
    (void)atomicfile::empty(recordOf(unfinished.path()));
    for (const char *suffix :
         {WorkloadPaths::stdoutFile, WorkloadPaths::stderrFile, WorkloadPaths::paramsFile})
        (void)remove(log(spec, suffix));
    return made;
}

Result<void> Acceptance::make(const QString &unfinished, const WorkloadSpec &spec) const
{
    // This accepts it: with its record on the disk, nameAccepted() finds it, under whatever name.
    const auto accept = [&] {
        return atomicfile::fill(recordOf(unfinished), records::serialise(spec), Durability::PowerLoss);
    };
    const auto place = [&](Durability durability) {
        return [&, durability] { return placeParams(unfinished, spec, durability); };
    };
    auto made = writeImage(unfinished, spec);
    if (records::holdsParams(spec)) {
        // What can be made anew comes behind it: a file system that finds changes in a new file's folder
        // takes them to the disk with the file.
        made = made.and_then(accept).and_then(place(Durability::ProcessDeath));
    } else {
        made = made.and_then(place(Durability::PowerLoss)).and_then(accept);
    }
    return made.and_then([&] { return placeLogs(unfinished, spec); }).and_then([&] {
        return rename(unfinished, m_paths.activeFolder(spec.requestId.key()));
    });
}

QString Acceptance::log(const WorkloadSpec &spec, const char *suffix) const
{
    return m_paths.log(spec.type, spec.requestId.key(), suffix);
}

/// A file of its name among the logs can only be an earlier owner's of this folder, and goes. Where the file
/// cannot be moved, as between disks, another one has to be made in its place.
Result<void> Acceptance::placeLog(const QString &unfinished, const char *suffix,
                                  const WorkloadSpec &spec) const
{
    const QString path = log(spec, suffix);
    return rename(unfinished + u'/' + QLatin1StringView(suffix), path) ? Result<void>() : remove(path);
}

Result<void> Acceptance::placeLogs(const QString &unfinished, const WorkloadSpec &spec) const
{
    return placeLog(unfinished, WorkloadPaths::stdoutFile, spec).and_then([&] {
        return placeLog(unfinished, WorkloadPaths::stderrFile, spec);
    });
}

Result<void> Acceptance::placeParams(const QString &unfinished, const WorkloadSpec &spec,
                                     Durability durability) const
{
    const QString spare = unfinished + u'/' + QLatin1StringView(WorkloadPaths::paramsFile);
    const auto writeInPlace = [&] {
        return atomicfile::write(log(spec, WorkloadPaths::paramsFile), spec.params, durability);
    };
    return atomicfile::fill(spare, spec.params, durability)
        .and_then([&] { return placeLog(unfinished, WorkloadPaths::paramsFile, spec); })
        .and_then([&] { return exists(spare) ? writeInPlace() : Result<void>(); })
        .and_then([&] {
            return durability == Durability::PowerLoss ? syncFolder(m_paths.logsFolder()) : Result<void>();
        });
}

QList<Error> Acceptance::nameAccepted() const
{
    QList<Error> problems;
    for (const QString &unfinished : m_paths.hidden(WorkloadPaths::unfinishedPrefix)) {
        const auto spec = acceptedIn(unfinished);
        if (!spec)
            continue;
        if (auto named = giveName(unfinished, *spec); !named)
            problems << named.error();
    }
    return problems;
}

QStringList Acceptance::neverAccepted() const
{
    QStringList paths = m_paths.hidden(WorkloadPaths::unfinishedPrefix);
    paths.removeIf([this](const QString &path) { return acceptedIn(path).has_value(); });
    return paths;
}

std::optional<WorkloadSpec> Acceptance::acceptedIn(const QString &unfinished) const
{
    const QString path = recordOf(unfinished);
    const auto record = read(path, records::largestSpec);
    if (!record || !*record)
        return std::nullopt;
    const auto spec = records::parseSpec(**record, path);
    const bool isAccepted = spec && !exists(m_paths.folder(spec->requestId.key()));
    return isAccepted ? std::optional(*spec) : std::nullopt;
}

Result<void> Acceptance::giveName(const QString &unfinished, const WorkloadSpec &spec) const
{
    Result<void> placed;
    for (const char *suffix : {WorkloadPaths::stdoutFile, WorkloadPaths::stderrFile}) {
        if (exists(unfinished + u'/' + QLatin1StringView(suffix)))
            placed = placed.and_then([&] { return placeLog(unfinished, suffix, spec); });
    }
    // Parameters that are not in the record too are in their place already, and must stay there.
    const QString params = unfinished + u'/' + QLatin1StringView(WorkloadPaths::paramsFile);
    (void)rename(params, log(spec, WorkloadPaths::paramsFile));
    return placed.and_then([&] { return rename(unfinished, m_paths.activeFolder(spec.requestId.key())); });
}

Result<void> Acceptance::restoreParams(const QString &key) const
{
    const QString path = recordOf(m_paths.folder(key));
    return read(path, records::largestSpec).and_then([&](const std::optional<QByteArray> &record) {
        const QByteArray json = record.value_or(QByteArray());
        return records::parseSpec(json, path).and_then([&](const WorkloadSpec &spec) {
            const QByteArray params = records::paramsOf(json);
            if (params.isEmpty())
                return Result<void>();
            return atomicfile::write(log(spec, WorkloadPaths::paramsFile), params, Durability::ProcessDeath);
        });
    });
}

} // namespace cloudnode
