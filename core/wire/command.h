#pragma once

#include "base/error.h"
#include "wire/inputimage.h"
#include "wire/requestid.h"
#include "wire/workloadtype.h"

#include <QJsonObject>

#include <optional>
#include <variant>

namespace cloudnode {

/// `inference`, `training`, `simulate`, or `workload_received` with one of them as its command_type.
struct StartWorkload {
    WorkloadType type = WorkloadType::Inference;
    QJsonObject params;   ///< the body, workload_uuid included, without the two below
    QString workloadUuid; ///< the backend's name for the workload; empty if none was given
    QString token;        ///< for this workload alone; never to be stored or shown; empty if none was given
    std::optional<InputImage> image;
};

/// `workload_received` without a known command_type: there is nothing to run, only to answer.
struct AcknowledgeAssignment {
    QString workloadUuid;
};

/// `status`
struct ReportStatus {};

/// `cancel`
struct CancelWorkload {
    /// A process id or a request id. Where a command names both, only the process id counts.
    std::variant<qint64, QString> target;
    QString signalName; ///< "SIGTERM", "SIGINT" or "SIGKILL"
};

/// One command from outside, whole and valid.
struct Command {
    RequestId requestId;
    std::variant<StartWorkload, AcknowledgeAssignment, ReportStatus, CancelWorkload> action;
};

/// A message that is no valid command.
struct CommandRefusal {
    Error error;
    /// Whom to answer. None: the message is no command at all (not JSON, no object, a stray response), so
    /// nobody waits for an answer.
    std::optional<RequestId> requestId;
};

/// The signal a cancel asks for: SIGTERM when `value` is absent or null. Errors: any but SIGTERM, SIGINT,
/// SIGKILL.
Result<QString> parseCancelSignal(const QJsonValue &value);
/// Errors: not a positive whole number that a process id can be.
Result<qint64> parseProcessId(const QJsonValue &value);

inline constexpr qsizetype maxCommandBytes = 16 * 1024 * 1024;
inline constexpr int maxCommandDepth = 64; ///< objects and arrays inside each other
inline constexpr qsizetype maxWorkloadUuidLength = 256;

/// Reads one MQTT payload. A missing request_id is replaced by a generated one; `params` null is `{}`.
/// Source: the specification's "Command Message Format" and its commands.
tl::expected<Command, CommandRefusal> parseCommand(const QByteArray &payload);

} // namespace cloudnode
