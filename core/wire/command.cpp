#include "wire/command.h"

#include "wire/jsondepth.h"

#include <QJsonDocument>

#include <algorithm>
#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

const QStringList allowedSignals = {u"SIGTERM"_s, u"SIGINT"_s, u"SIGKILL"_s};

constexpr auto tokenKey = "cyberwave_workload_token"_L1;
constexpr auto imageKey = "image_bytes_base64"_L1;

using Action = decltype(Command::action);

Result<QJsonObject> parseParams(const QJsonObject &command)
{
    const QJsonValue params = command.value("params"_L1);
    if (params.isUndefined() || params.isNull())
        return QJsonObject();
    if (!params.isObject())
        return fail(u"params is not a JSON object"_s, u"params"_s);
    return params.toObject();
}

/// The name goes into the workload's environment, which has no room for just anything.
Result<QString> parseWorkloadUuid(const QJsonObject &params)
{
    const QString uuid = params.value("workload_uuid"_L1).toString();
    const bool printable =
        std::all_of(uuid.cbegin(), uuid.cend(), [](QChar c) { return c.isPrint() || c.isSurrogate(); });
    if (uuid.size() > maxWorkloadUuidLength || !printable)
        return fail(
            u"workload_uuid is longer than %1 characters or not printable"_s.arg(maxWorkloadUuidLength),
            u"params.workload_uuid"_s);
    return uuid;
}

/// What is no text the workload gets as it is, and so it does what is no base64: it may know better.
void takeImage(StartWorkload &start)
{
    start.image = InputImage::fromBase64(start.params.value(imageKey).toString());
    if (start.image)
        start.params.remove(imageKey);
}

/// It goes into the workload's environment. Errors do not show it.
Result<void> takeToken(StartWorkload &start)
{
    const QJsonValue token = start.params.take(tokenKey);
    start.token = token.toString();
    const bool fits = std::all_of(start.token.cbegin(), start.token.cend(),
                                  [](QChar c) { return c > u' ' && c < u'\x7f'; });
    if (!fits || (start.token.isEmpty() && !token.isUndefined() && !token.isNull() && !token.isString()))
        return fail(u"cyberwave_workload_token is no token"_s, u"params.cyberwave_workload_token"_s);
    return {};
}

Result<Action> startWorkload(WorkloadType type, const QJsonObject &params)
{
    const Result<QString> uuid = parseWorkloadUuid(params);
    if (!uuid)
        return tl::make_unexpected(uuid.error());
    StartWorkload start{.type = type, .params = params, .workloadUuid = *uuid, .token = {}, .image = {}};
    if (const auto taken = takeToken(start); !taken)
        return tl::make_unexpected(taken.error());
    takeImage(start);
    return Action(start);
}

Result<Action> parseAssignment(const QJsonObject &params)
{
    const Result<QString> known = parseWorkloadUuid(params);
    if (!known)
        return tl::make_unexpected(known.error());
    const QString &uuid = *known;
    const auto type = workloadTypeFromString(params.value("command_type"_L1).toString());
    if (!type)
        return AcknowledgeAssignment{uuid};
    const QJsonValue given = params.value("command_params"_L1);
    if (!given.isObject() && !given.isNull() && !given.isUndefined())
        return fail(u"command_params is not a JSON object"_s, u"params.command_params"_s);
    QJsonObject body = given.toObject();
    if (!uuid.isEmpty())
        body.insert("workload_uuid"_L1, uuid);
    if (!body.contains(tokenKey) && params.contains(tokenKey))
        body.insert(tokenKey, params.value(tokenKey));
    return startWorkload(*type, body);
}

Result<Action> parseCancel(const QJsonObject &params)
{
    const Result<QString> signalName = parseCancelSignal(params.value("signal"_L1));
    if (!signalName)
        return tl::make_unexpected(signalName.error());
    const QJsonValue pid = params.value("pid"_L1);
    if (!pid.isUndefined() && !pid.isNull())
        return parseProcessId(pid).map([&](qint64 number) {
            return Action(CancelWorkload{number, *signalName});
        });
    const QJsonValue target = params.value("workload_request_id"_L1);
    if (target.isUndefined() || target.isNull())
        return fail(u"No active workload named: cancel needs a pid or a workload_request_id"_s, u"params"_s);
    return RequestId::parse(target)
        .map([&](const RequestId &id) {
            return Action(CancelWorkload{id.text(), *signalName});
        })
        .map_error([](const Error &error) {
            return Error{u"workload_request_id is no valid request id: "_s + error.what,
                         u"params.workload_request_id"_s, error.remedy};
        });
}

Result<Action> parseAction(const QString &name, const QJsonObject &message)
{
    if (name == u"status")
        return ReportStatus{};
    const Result<QJsonObject> params = parseParams(message);
    const auto type = workloadTypeFromString(name);
    const bool known = type || name == u"cancel" || name == u"workload_received";
    if (!known)
        return fail(u"Unknown command '%1'"_s.arg(name.left(80)), u"command"_s,
                    u"Known are inference, training, simulate, status, cancel and workload_received."_s);
    if (!params)
        return tl::make_unexpected(params.error());
    if (type)
        return startWorkload(*type, *params);
    return name == u"cancel" ? parseCancel(*params) : parseAssignment(*params);
}

Result<RequestId> parseRequestId(const QJsonObject &message)
{
    const QJsonValue id = message.value("request_id"_L1);
    return id.isUndefined() || id.isNull() ? RequestId::generate() : RequestId::parse(id);
}

} // namespace

Result<QString> parseCancelSignal(const QJsonValue &value)
{
    const QString name = value.isUndefined() || value.isNull() ? u"SIGTERM"_s : value.toString();
    if (allowedSignals.contains(name))
        return name;
    const QString given = value.isString() ? u'\'' + name.left(40) + u'\'' : u"of another type than text"_s;
    return fail(u"Invalid signal %1, allowed are %2"_s.arg(given, allowedSignals.join(u", "_s)),
                u"params.signal"_s);
}

Result<qint64> parseProcessId(const QJsonValue &value)
{
    const double number = value.toDouble(-1);
    if (number < 1 || number > std::numeric_limits<int>::max() || std::floor(number) != number)
        return fail(u"pid is not a process id (a positive whole number)"_s, u"params.pid"_s);
    return static_cast<qint64>(number);
}

tl::expected<Command, CommandRefusal> parseCommand(const QByteArray &payload)
{
    const auto unanswerable = [](const QString &what) {
        return tl::make_unexpected(CommandRefusal{Error{what, {}, {}}, std::nullopt});
    };
    if (payload.size() > maxCommandBytes)
        return unanswerable(u"the message is larger than %1 MiB"_s.arg(maxCommandBytes >> 20));
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(payload, &problem);
    if (problem.error != QJsonParseError::NoError)
        return unanswerable(
            u"the message is not JSON: %1 at byte %2"_s.arg(problem.errorString()).arg(problem.offset));
    if (!document.isObject())
        return unanswerable(u"the message is not a JSON object"_s);

    const QJsonObject message = document.object();
    const QJsonValue name = message.value("command"_L1);
    if (name.isUndefined() && message.contains("status"_L1))
        return unanswerable(u"the message is a response, not a command"_s);

    const Result<RequestId> id = parseRequestId(message);
    if (!id)
        return tl::make_unexpected(CommandRefusal{id.error(), RequestId::generate()});
    // What is very much deeper the parser itself has refused.
    if (jsonDepth(payload) > maxCommandDepth)
        return tl::make_unexpected(CommandRefusal{
            Error{u"the message nests more than %1 levels"_s.arg(maxCommandDepth), {}, {}}, *id});
    if (!name.isString())
        return tl::make_unexpected(
            CommandRefusal{Error{u"command is missing, or is not a string"_s, u"command"_s, {}}, *id});
    Result<Action> action = parseAction(name.toString(), message);
    if (!action)
        return tl::make_unexpected(CommandRefusal{action.error(), *id});
    return Command{*id, std::move(*action)};
}

} // namespace cloudnode
