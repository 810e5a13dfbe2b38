#include "commands/status.h"

#include "commandline.h"
#include "console.h"
#include "node/exitcodes.h"
#include "nodesession.h"
#include "platform/thisprogram.h"
#include "statustext.h"

#include <QJsonDocument>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace cloudnode {

namespace {

struct StatusOptions {
    bool json = false;
    bool watch = false;
};

QString json(const QJsonObject &snapshot, QJsonDocument::JsonFormat format)
{
    return QString::fromUtf8(QJsonDocument(snapshot).toJson(format)).trimmed();
}

int showOnce(const NodeOptions &node, bool asJson)
{
    NodeSession session(node);
    session.ask(u"node.status"_s, {}, [&](const QJsonValue &answer) {
        const QJsonObject snapshot = answer.toObject();
        console::print(asJson ? json(snapshot, QJsonDocument::Indented)
                              : statusText(snapshot, Painter::forStandardOutput()));
        session.end(exitcode::ok);
    });
    return session.exec();
}

/// Prints the status again and again: over the last one on a terminal, below it anywhere else.
class StatusWatch : public QObject {
public:
    StatusWatch(const NodeOptions &node, bool asJson);

    int exec() { return m_session.exec(); }

private:
    void subscribe();
    void show(const QJsonObject &snapshot);
    void redraw(const QString &text) const;

    NodeSession m_session;
    QTimer m_tick; ///< on a terminal: times and ages go on though nothing happens
    bool m_json;
    bool m_redraws;
};

StatusWatch::StatusWatch(const NodeOptions &node, bool asJson)
    : m_session(node, ControlClient::Persistence::Reconnect),
      m_json(asJson),
      m_redraws(!asJson && thisprogram::writesToTerminal())
{
    connect(&m_session.client(), &ControlClient::connected, this, &StatusWatch::subscribe);
    connect(&m_session.client(), &ControlClient::statusChanged, this, &StatusWatch::show);
    connect(&m_session.client(), &ControlClient::disconnected, this, [this](const Error &reason) {
        m_tick.stop();
        if (m_redraws)
            redraw(reason.text() + u"\nWaiting for it."_s);
        else
            console::printWarning(reason);
    });
    connect(&m_tick, &QTimer::timeout, this, [this] {
        m_session.tryAsking(u"node.status"_s, {}, [this](const Result<QJsonValue> &answer) {
            if (answer)
                show(answer->toObject());
        });
    });
}

void StatusWatch::subscribe()
{
    m_session.tryAsking(u"events.subscribe"_s, {}, [](const Result<QJsonValue> &answer) {
        if (!answer)
            console::printWarning(answer.error());
    });
    if (m_redraws)
        m_tick.start(1s);
}

void StatusWatch::show(const QJsonObject &snapshot)
{
    if (m_json)
        console::print(json(snapshot, QJsonDocument::Compact));
    else if (m_redraws)
        redraw(statusText(snapshot, Painter::forStandardOutput()));
    else
        console::print(statusText(snapshot, Painter::forStandardOutput()) + u'\n');
}

void StatusWatch::redraw(const QString &text) const
{
    console::print(u"\x1b[H\x1b[2J"_s + text);
}

int runStatus(const NodeOptions &node, const StatusOptions &options)
{
    return options.watch ? StatusWatch(node, options.json).exec() : showOnce(node, options.json);
}

} // namespace

void addStatusCommand(CommandLine &line)
{
    const auto options = std::make_shared<StatusOptions>();
    line.add(
        "status", "Show what the node is and does",
        [&line, options](CommandOptions command) {
            command.flag("--json", options->json, "Print JSON");
            command.flag("--watch", options->watch, "Go on, and show every change; with --json one a line");
            line.node().addStateDirTo(command);
        },
        [&line, options] { return runStatus(line.node(), *options); });
}

} // namespace cloudnode
