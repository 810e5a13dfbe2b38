#pragma once

#include "sandbox/fields.h"

/// What a node may say about one of its workloads. Pure.
namespace cloudnode::sandbox {

/// Holds a status update against the contract: which words there are, what may come with each, and whether
/// what comes fits together. `where` is named in errors.
Result<void> checkStatusUpdate(const QJsonObject &update, const QString &where);

/// What may come with a final status where each has a call of its own, as over REST: none of it must.
QList<Field> detailsOf(const QString &status);

/// Whether nothing comes after this status.
bool isTerminal(const QString &status);

/// Whether the workload may go on from one status to the next; never from one to itself.
bool mayFollow(const QString &status, const QString &next);

/// Whether two updates say the same of the workload's end, however they put it.
bool sayTheSame(const QJsonObject &update, const QJsonObject &other);

} // namespace cloudnode::sandbox
