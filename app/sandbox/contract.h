#pragma once

#include "base/error.h"

#include <QByteArray>
#include <QJsonObject>
#include <QList>
#include <QPair>
#include <QUrlQuery>

#include <optional>

/// What a node may send to the backend's REST API, to the letter. Pure: no network, no state.
namespace cloudnode::sandbox {

enum class Operation { Create, Register, Heartbeat, Log, Terminated, Failed, Instances };

/// "create", "register", "heartbeat", "log", "terminated", "failed", "instances".
QString toString(Operation operation);
std::optional<Operation> operationFromString(QStringView name);

/// A request as it came from the wire.
struct Request {
    QByteArray method; ///< "GET", "POST", ...
    QString path;      ///< percent-encoded, without the query
    QUrlQuery query;
    QList<QPair<QByteArray, QByteArray>> headers;
    QByteArray body;
};

/// A request that keeps the contract.
struct ApiCall {
    Operation operation = Operation::Create;
    QString uuid;  ///< from the path; empty where the path has none
    QString token; ///< as sent; whether it is the right one is another question
    QJsonObject body;
    QUrlQuery query;
};

/// The call a request makes. Errors: the first breach of the contract, in words; none of them holds a token.
Result<ApiCall> checkContract(const Request &request);

/// Whether the call came by the instance's own path although an older common path exists for it.
bool usesPathOfInstance(const ApiCall &call);

} // namespace cloudnode::sandbox
