#include "commands/switches.h"

#include "commandline.h"
#include "console.h"
#include "node/exitcodes.h"
#include "nodesession.h"

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace cloudnode {

namespace {

constexpr auto stopLimit = 15s; // a node takes 3 s at most, unless the machine is very busy

int runSwitch(const NodeOptions &node, const QString &method, const QString &done)
{
    NodeSession session(node);
    session.ask(method, {}, [&](const QJsonValue &) {
        console::print(done);
        session.end(exitcode::ok);
    });
    return session.exec();
}

/// Ends when the node has gone, so that the next command finds none.
void awaitEnd(NodeSession &session)
{
    QObject::connect(&session.client(), &ControlClient::disconnected, &session, [&session] {
        console::print(u"stopped; workloads run on"_s);
        session.end(exitcode::ok);
    });
    QTimer::singleShot(stopLimit, &session, [&session] {
        session.end(exitcode::refused);
        console::printError({u"the node has not ended within %1 s"_s.arg(stopLimit.count()), {}, {}});
    });
}

int runStop(const NodeOptions &node)
{
    NodeSession session(node);
    session.ask(u"node.stop"_s, {}, [&](const QJsonValue &) { awaitEnd(session); });
    return session.exec();
}

} // namespace

void addSwitchCommands(CommandLine &line)
{
    const auto options = [&line](CommandOptions command) { line.node().addStateDirTo(command); };
    line.add("pause", "Take no new workloads, until resume", options, [&line] {
        return runSwitch(line.node(), u"node.pause"_s,
                         u"paused: new workloads are refused, running ones go on"_s);
    });
    line.add("resume", "Take new workloads again", options, [&line] {
        return runSwitch(line.node(), u"node.resume"_s, u"resumed: new workloads are taken"_s);
    });
    line.add("stop", "End the node; workloads run on", options, [&line] { return runStop(line.node()); });
}

} // namespace cloudnode
