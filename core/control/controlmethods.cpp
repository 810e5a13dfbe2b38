#include "control/controlmethods.h"

#include "wire/requestid.h"

#include <QHash>

#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::controlmethods {

using controlprotocol::Code;
using controlprotocol::Failure;

namespace {

using Done = std::function<void(Outcome)>;
using Handler = void (*)(ControlPort &port, const QJsonObject &params, const Done &done);

Failure invalid(const Error &error)
{
    return {Code::InvalidParams, error};
}

Failure refused(const Error &error)
{
    return {Code::Refused, error};
}

/// A name that is not known is an error, not ignored: a misspelt `signal` must not become a SIGTERM.
Result<void> knowOnly(const QJsonObject &params, const QStringList &names)
{
    for (auto it = params.constBegin(); it != params.constEnd(); ++it) {
        if (!names.contains(it.key()))
            return fail(u"unknown parameter '%1'"_s.arg(it.key().left(40)), u"params"_s,
                        names.isEmpty() ? u"This method has none."_s
                                        : u"Known are %1."_s.arg(names.join(u", "_s)));
    }
    return {};
}

Result<bool> flag(const QJsonObject &params, QLatin1StringView name)
{
    const QJsonValue value = params.value(name);
    if (!value.isUndefined() && !value.isBool())
        return fail(u"%1 is neither true nor false"_s.arg(name), u"params.%1"_s.arg(name));
    return value.toBool();
}

Result<int> limit(const QJsonObject &params)
{
    const double number = params.value("limit"_L1).toDouble(params.contains("limit"_L1) ? -1 : defaultListed);
    if (number < 1 || number > maxListed || std::floor(number) != number)
        return fail(u"limit is not a whole number from 1 to %1"_s.arg(maxListed), u"params.limit"_s);
    return static_cast<int>(number);
}

Result<CancelWorkload> cancelRequest(const QJsonObject &params)
{
    if (params.contains("pid"_L1) == params.contains("request_id"_L1))
        return fail(u"cancel needs either request_id or pid"_s, u"params"_s);
    const Result<QString> signalName = parseCancelSignal(params.value("signal"_L1));
    if (!signalName)
        return tl::make_unexpected(signalName.error());
    if (params.contains("pid"_L1))
        return parseProcessId(params.value("pid"_L1)).map([&](qint64 pid) {
            return CancelWorkload{pid, *signalName};
        });
    return RequestId::parse(params.value("request_id"_L1)).map([&](const RequestId &id) {
        return CancelWorkload{id.text(), *signalName};
    });
}

void nodeStatus(ControlPort &port, const QJsonObject &params, const Done &done)
{
    done(requireNoParams(params).map([&] { return port.status(); }));
}

void nodePause(ControlPort &port, const QJsonObject &params, const Done &done)
{
    done(requireNoParams(params).and_then([&] { return port.pause().map_error(refused); }).map([] {
        return JsonText().add("paused", true);
    }));
}

void nodeResume(ControlPort &port, const QJsonObject &params, const Done &done)
{
    done(requireNoParams(params).and_then([&] { return port.resume().map_error(refused); }).map([] {
        return JsonText().add("paused", false);
    }));
}

void nodeStop(ControlPort &port, const QJsonObject &params, const Done &done)
{
    done(requireNoParams(params).map([&] {
        port.stop();
        return JsonText().add("stopping", true);
    }));
}

void workloadList(ControlPort &port, const QJsonObject &params, const Done &done)
{
    const Result<void> known = knowOnly(params, {u"all"_s, u"limit"_s});
    const Result<bool> all = known.and_then([&] { return flag(params, "all"_L1); });
    const Result<int> most = all.and_then([&](bool) { return limit(params); });
    done(most.map([&](int count) {
                 return JsonText()
                     .add("workloads", port.workloads(*all, count))
                     .add("complete", !*all || port.knowsAllWorkloads());
             })
             .map_error(invalid));
}

void workloadTimeline(ControlPort &port, const QJsonObject &params, const Done &done)
{
    const Result<RequestId> id = knowOnly(params, {u"request_id"_s}).and_then([&] {
        return RequestId::parse(params.value("request_id"_L1));
    });
    done(id.map_error(invalid).and_then([&](const RequestId &requestId) -> Outcome {
        return port.timeline(requestId.text())
            .map([&](const QJsonArray &entries) {
                return JsonText().add("request_id", requestId.text()).add("timeline", QJsonValue(entries));
            })
            .map_error(refused);
    }));
}

void workloadCancel(ControlPort &port, const QJsonObject &params, const Done &done)
{
    const Result<void> known = knowOnly(params, {u"request_id"_s, u"pid"_s, u"signal"_s, u"wait"_s});
    const Result<bool> wait = known.and_then([&] { return flag(params, "wait"_L1); });
    const Result<CancelWorkload> request = wait.and_then([&](bool) { return cancelRequest(params); });
    if (!request)
        return done(tl::make_unexpected(invalid(request.error())));
    port.cancel(*request, *wait ? CancelAnswer::Gone : CancelAnswer::Accepted,
                [done](const Result<JsonText> &workload) { done(workload.map_error(refused)); });
}

const QHash<QString, Handler> handlers = {
    {u"node.status"_s, nodeStatus},         {u"node.pause"_s, nodePause},
    {u"node.resume"_s, nodeResume},         {u"node.stop"_s, nodeStop},
    {u"workload.list"_s, workloadList},     {u"workload.timeline"_s, workloadTimeline},
    {u"workload.cancel"_s, workloadCancel},
};

} // namespace

tl::expected<void, Failure> requireNoParams(const QJsonObject &params)
{
    return knowOnly(params, {}).map_error(invalid);
}

void call(ControlPort &port, const controlprotocol::Request &request, std::function<void(Outcome)> done)
{
    const Handler handler = handlers.value(request.method);
    if (handler)
        return handler(port, request.params, done);
    done(tl::make_unexpected(
        Failure{Code::MethodNotFound, {u"unknown method '%1'"_s.arg(request.method.left(80)), {}, {}}}));
}

} // namespace cloudnode::controlmethods
