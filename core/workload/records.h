#pragma once

#include "platform/processidentity.h"
#include "workload/workload.h"

#include <QByteArray>

namespace cloudnode {

/// What the runner wrote before the workload ran: who runs it and who supervises it.
struct StartRecord {
    ProcessIdentity workload; ///< process 0, which never runs: the power was cut before its number was on the
                              ///< disk (see runner/startdraft.h)
    ProcessIdentity supervisor;
    QDateTime at; ///< UTC

    bool operator==(const StartRecord &other) const = default;
};

/// The files of a workload's directory as text, both ways. Pure: no file is touched.
/// Errors of the reading functions: `where`, the key, and what was expected of it. Unknown keys are ignored.
namespace records {

inline constexpr qint64 largestSpec = 16 * 1024 * 1024; ///< bytes: a command has at most 128 KiB, but may
                                                        ///< need escapes, and holds no large parameters

/// Whether its parameters are in its record: not if there are many, which would be read with every list of
/// workloads.
bool holdsParams(const WorkloadSpec &spec);
QByteArray serialise(const WorkloadSpec &spec);
Result<WorkloadSpec> parseSpec(const QByteArray &json, const QString &where); ///< all but the params
/// The parameters as they were: compact, in the order of their names. Empty if they are not in the record.
QByteArray paramsOf(const QByteArray &json);

Result<StartRecord> parseStart(const QByteArray &json, const QString &where);

QByteArray serialise(const WorkloadEnd &end);
Result<WorkloadEnd> parseEnd(const QByteArray &json, const QString &where);

QByteArray serialiseProgress(const WorkloadProgress &progress); ///< all but the offsets
QByteArray serialiseShipped(const WorkloadProgress &progress);  ///< the offsets
Result<WorkloadProgress> parseProgress(const QByteArray &json, const QString &where);
/// Reads the offsets into `progress`, which is untouched on errors.
Result<void> parseShipped(const QByteArray &json, const QString &where, WorkloadProgress &progress);

} // namespace records

} // namespace cloudnode
