#pragma once

#include <QJsonObject>
#include <QString>
#include <QUrlQuery>

#include <optional>

namespace cloudnode::sandbox {

/// What can be asked of the backend, and of its store of result files.
enum class Operation {
    Create,
    Register,
    Heartbeat,
    Log,
    Terminated,
    Failed,
    Instances,
    Workload,       ///< asks how a workload is
    WorkloadStatus, ///< says how a workload is
    SignedUrl,      ///< wants a place for one result file
    UploadResults,  ///< says which result files have been stored
    Store,          ///< brings one; not a call, but faults know it
};

/// "create", "register", "heartbeat", "log", "terminated", "failed", "instances", "workload",
/// "workload_status", "signed_url", "upload_results", "store".
QString toString(Operation operation);
std::optional<Operation> operationFromString(QStringView name);

/// A request that keeps the contract, whichever way it came.
struct ApiCall {
    Operation operation = Operation::Create;
    QString uuid;  ///< from the path or topic: the instance's or workload's; empty where it has none
    QString token; ///< as sent; whether it is the right one is another question
    QJsonObject body;
    QUrlQuery query;
};

} // namespace cloudnode::sandbox
