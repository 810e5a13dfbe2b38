#pragma once

#include "base/error.h"
#include "sandbox/apicall.h"

#include <QByteArray>
#include <QList>
#include <QPair>

/// What a node may send to the backend's REST API, to the letter. Pure: no network, no state.
namespace cloudnode::sandbox {

/// A request as it came from the wire.
struct Request {
    QByteArray method; ///< "GET", "POST", ...
    QString path;      ///< percent-encoded, without the query
    QUrlQuery query;
    QList<QPair<QByteArray, QByteArray>> headers;
    QByteArray body;
};

/// The call a request makes. Errors: the first breach of the contract, in words; none of them holds a token.
Result<ApiCall> checkContract(const Request &request);

} // namespace cloudnode::sandbox
