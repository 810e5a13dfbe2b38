#include "commands/cancel.h"

#include "commandline.h"
#include "console.h"
#include "control/controlmethods.h"
#include "node/exitcodes.h"
#include "nodesession.h"

#include <QJsonArray>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace cloudnode {

namespace {

struct CancelOptions {
    std::string target;
    std::string signal = "SIGTERM";
    bool wait = false;
};

/// What to call the workload in the request. A number is a process id, unless it is a request's.
QJsonObject nameOf(const QString &target, const QJsonArray &active)
{
    const bool isRequest = std::any_of(active.begin(), active.end(), [&](const QJsonValue &workload) {
        return workload["request_id"_L1].toVariant().toString() == target;
    });
    bool isNumber = false;
    const qint64 pid = target.toLongLong(&isNumber);
    if (isNumber && !isRequest)
        return {{u"pid"_s, pid}};
    return {{u"request_id"_s, target}};
}

void cancel(NodeSession &session, QJsonObject params, const CancelOptions &options)
{
    const QString target = QString::fromStdString(options.target);
    const QString signalName = QString::fromStdString(options.signal);
    params[u"signal"_s] = signalName;
    params[u"wait"_s] = options.wait;
    const auto done = [&session, target, signalName, wait = options.wait](const QJsonValue &) {
        console::print(console::printable(wait ? u"%1 has ended"_s.arg(target)
                                               : u"%1 sent to %2"_s.arg(signalName, target)));
        session.end(exitcode::ok);
    };
    session.ask(u"workload.cancel"_s, params, done, options.wait ? 0ms : 10s);
}

int runCancel(const NodeOptions &node, const CancelOptions &options)
{
    NodeSession session(node);
    const QJsonObject params = {{u"all"_s, false}, {u"limit"_s, controlmethods::maxListed}};
    session.ask(u"workload.list"_s, params, [&](const QJsonValue &answer) {
        const QString target = QString::fromStdString(options.target);
        cancel(session, nameOf(target, answer["workloads"_L1].toArray()), options);
    });
    return session.exec();
}

} // namespace

void addCancelCommand(CommandLine &line)
{
    const auto options = std::make_shared<CancelOptions>();
    line.add(
        "cancel", "End a workload with all its processes",
        [&line, options](CommandOptions command) {
            command.text("workload", options->target, "Id of the request, or pid of the workload",
                         {.shownAs = "REQUEST_ID|PID", .isRequired = true});
            command.text("--signal", options->signal, "SIGTERM (the default), SIGINT or SIGKILL",
                         {.shownAs = "SIGNAL", .oneOf = {"SIGTERM", "SIGINT", "SIGKILL"}});
            command.flag("--wait", options->wait, "Return only when none of its processes is left");
            line.node().addStateDirTo(command);
        },
        [&line, options] { return runCancel(line.node(), *options); });
}

} // namespace cloudnode
