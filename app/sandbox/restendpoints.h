#pragma once

#include "sandbox/apicall.h"
#include "sandbox/fields.h"

namespace cloudnode::sandbox {

/// One method of one path of the REST API.
struct RestEndpoint {
    using Check = Result<void> (*)(const QJsonObject &body, const QString &where);

    Operation operation = Operation::Create;
    QByteArray method;
    QString path; ///< "{uuid}" stands for one part
    QList<Field> body = {};
    QList<Field> query = {};
    Check check = nullptr;     ///< of the body, instead of its fields
    bool bodyOptional = false; ///< whether none counts as {}
    QString status = {};       ///< the one of a workload that a call reports by its path
};

struct RestMatch {
    const RestEndpoint *endpoint = nullptr; ///< lives for ever
    QString uuid;                           ///< in the path; empty where it has none
};

/// `path` is percent-encoded. Errors: no such path, or not with this method.
Result<RestMatch> findEndpoint(const QByteArray &method, const QString &path);

/// Whether the call came by the instance's own path although an older common path exists for it.
bool usesPathOfInstance(const ApiCall &call);

/// Whether the REST API of the second generation, which asks these over MQTT, has no path for the operation.
bool isGoneInGeneration2(Operation operation);

} // namespace cloudnode::sandbox
