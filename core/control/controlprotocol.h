#pragma once

#include "base/error.h"
#include "base/jsontext.h"

#include <QByteArray>
#include <QJsonObject>
#include <QJsonValue>

#include <optional>
#include <variant>

/// JSON-RPC 2.0 as the control socket speaks it: one message a line, params by name only, no batches.
/// Source: the JSON-RPC 2.0 Specification.
namespace cloudnode::controlprotocol {

inline constexpr qsizetype maxRequestBytes = 64 * 1024;      ///< one request, without its line break
inline constexpr qsizetype maxReplyBytes = 16 * 1024 * 1024; ///< one message from the node, likewise
inline constexpr int maxRequestDepth = 16;                   ///< objects and arrays inside each other

/// Why a request came to nothing. Negative: the channel's own answer, with JSON-RPC's numbers where it has
/// one. Positive: the node understood and says no.
enum class Code {
    ParseError = -32700,     ///< not JSON
    InvalidRequest = -32600, ///< JSON, but no request of JSON-RPC 2.0; also batches and too deep nesting
    MethodNotFound = -32601,
    InvalidParams = -32602,
    RequestTooLarge = -32001,   ///< more than maxRequestBytes; the connection is closed
    TooManyClients = -32002,    ///< sent unasked, with id null; the connection is closed
    TooManyUnanswered = -32003, ///< this client waits for too many answers already
    Refused = 1,                ///< the node's own reason is in `message` and `data`
};

/// What travels as an error object: `message` is error.what, `data` holds `where` and `remedy` if there are.
struct Failure {
    Code code = Code::Refused;
    Error error;
};

/// One valid request line.
struct Request {
    QJsonValue id{QJsonValue::Undefined}; ///< undefined: a notification, to which nobody wants an answer
    QString method;
    QJsonObject params; ///< {} when absent

    bool wantsAnswer() const { return !id.isUndefined(); }
};

/// A line that is no valid request, and the id to answer under: null if there is none to be made out.
struct Rejection {
    Failure failure;
    QJsonValue id;
};

/// The answer to a line longer than maxRequestBytes, of which nothing else is known.
Rejection tooLarge();
/// Reads one line, its line break left out.
tl::expected<Request, Rejection> parseRequest(const QByteArray &line);

// Each of these is one line, line break included.
QByteArray request(qint64 id, const QString &method, const QJsonObject &params);
QByteArray result(const QJsonValue &id, const JsonText &object);
QByteArray failure(const QJsonValue &id, const Failure &failure);
QByteArray notification(const char *method, const QByteArray &params); ///< a JSON object

/// What the node sent in answer to a request.
struct Reply {
    std::optional<qint64> id; ///< none: it belongs to no request of ours that the node could read
    Result<QJsonValue> result;
};

/// What the node sent unasked.
struct Notification {
    QString method;
    QJsonObject params;
};

/// Reads one line from the node. Errors: it is neither a reply nor a notification.
Result<std::variant<Reply, Notification>> parseMessage(const QByteArray &line);

} // namespace cloudnode::controlprotocol
