#pragma once

#include "ui/feed/workloadrecord.h"

#include <QCoreApplication>

namespace cloudnode {

/// What is said about a workload.
class WorkloadWords {
    Q_DECLARE_TR_FUNCTIONS(cloudnode::WorkloadWords)

public:
    static QString result(const WorkloadRecord &record); ///< "Completed", "Failed, code 3"
    static QString reported(const WorkloadRecord &record);
    static QString uploading(const WorkloadUpload &upload); ///< "Uploading 3 of 12"
    static QString uploadDetails(const WorkloadUpload &upload);
    /// While it is being cancelled: "Stopping, 7 s". The number is what is left of its grace.
    static QString stopping(const WorkloadRecord &record, const QDateTime &now);
    static bool graceIsOver(const WorkloadRecord &record, const QDateTime &now);
};

} // namespace cloudnode
