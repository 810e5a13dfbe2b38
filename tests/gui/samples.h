#pragma once

#include "ui/feed/nodefeed.h"

/// Nodes and workloads as they might be.
namespace cloudnode::samples {

NodeSnapshot readyNode();
WorkloadRecord active(const QString &requestId, const QString &type = QStringLiteral("training"));
WorkloadRecord finished(const QString &requestId,
                        WorkloadRecord::Status status = WorkloadRecord::Status::Completed);

} // namespace cloudnode::samples
