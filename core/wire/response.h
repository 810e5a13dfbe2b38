#pragma once

#include "base/jsontext.h"
#include "wire/instance.h"
#include "wire/requestid.h"
#include "wire/workloadtype.h"

#include <QDateTime>

#include <chrono>
#include <optional>
#include <variant>

namespace cloudnode {

/// The `workload` object in every response about one: the machine-readable truth of how far it is.
struct WorkloadReport {
    enum class Status { Running, Completed, Failed, Cancelled, Lost };

    qint64 pid = 0; ///< 0: it never got a process
    WorkloadType type = WorkloadType::Inference;
    Status status = Status::Running;
    /// What the process returned; the negative number of the signal that ended it; none while it runs, and
    /// where nobody can know.
    std::optional<int> exitCode;
    QString signalName; ///< of the signal that ended it; empty if none did
    std::optional<QDateTime> startedAt;
    std::optional<QDateTime> endedAt;
    /// As measured; none: the difference of the two has to do.
    std::optional<std::chrono::milliseconds> duration;
    bool outputTruncated = false; ///< `output` or `error` holds only the end of what was printed

    JsonText facts() const; ///< of the workload alone: without what is said of this report
    JsonText toJson() const;
};

QString toString(WorkloadReport::Status status);

/// One message on the response topic.
/// Source: the specification's "Response Message Format".
struct Response {
    bool ok = true;
    RequestId requestId;
    /// Text or an object, as the command has it. None: left out.
    std::variant<std::monostate, QString, JsonText> output;
    QString error; ///< only without ok
    std::optional<WorkloadReport> workload;

    static Response success(const RequestId &id, const QString &output);
    static Response success(const RequestId &id, JsonText output);
    static Response failure(const RequestId &id, const QString &error);

    /// Strict, compact JSON in UTF-8.
    QByteArray toJson(const Instance &from) const;
};

} // namespace cloudnode
