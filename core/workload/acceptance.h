#pragma once

#include "platform/atomicfile.h"
#include "workload/sparefolders.h"
#include "workload/workload.h"
#include "workload/workloadpaths.h"

#include <QStringList>

#include <functional>
#include <optional>

namespace cloudnode {

/// Takes workloads onto the record. Each is made in a directory without a name, has been accepted as soon as
/// its record is on the disk, and gets its name last: a crash or a power cut leaves either nothing that
/// counts or all that nameAccepted() needs to finish it.
class Acceptance {
public:
    explicit Acceptance(WorkloadPaths paths);

    /// Has a directory for the next workload made before it comes.
    void prepare() { m_spares.prepare(); }
    /// Writes a new workload down for good: after this it is there whole, before it not at all. `meanwhile`
    /// is called with the folder in which it is being made, and may go on in it while the disk takes its
    /// time: it is renamed in the end, or removed if there are errors. Errors: also that there is one of that
    /// key.
    using Meanwhile = std::function<void(const QString &folder)>;
    Result<void> create(const WorkloadSpec &spec, const Meanwhile &meanwhile);

    /// Finishes what create() had begun and the disk already has: a power cut may have taken the directory's
    /// name, or a crash have come before it. To be called before anybody lists workloads. Returns why it
    /// cannot be done for some, which are left for the next time.
    QList<Error> nameAccepted() const;
    /// Paths of what a crash left half made. Nobody needs them.
    QStringList neverAccepted() const;
    /// Makes the file of its parameters anew, if it may have got lost: they are in the record, unless there
    /// are many.
    Result<void> restoreParams(const QString &key) const;

private:
    QString log(const WorkloadSpec &spec, const char *suffix) const;
    Result<void> make(const QString &unfinished, const WorkloadSpec &spec) const;
    Result<void> placeLog(const QString &unfinished, const char *suffix, const WorkloadSpec &spec) const;
    Result<void> placeLogs(const QString &unfinished, const WorkloadSpec &spec) const;
    Result<void> placeParams(const QString &unfinished, const WorkloadSpec &spec,
                             atomicfile::Durability durability) const;
    std::optional<WorkloadSpec> acceptedIn(const QString &unfinished) const;
    Result<void> giveName(const QString &unfinished, const WorkloadSpec &spec) const;

    WorkloadPaths m_paths;
    SpareFolders m_spares; // needs m_paths
};

} // namespace cloudnode
