#include "commands/workloads.h"

#include "commandline.h"
#include "console.h"
#include "control/controlmethods.h"
#include "node/exitcodes.h"
#include "nodesession.h"
#include "statustext.h"
#include "texttable.h"
#include "words.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTimer>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace cloudnode {

namespace {

struct WorkloadsOptions {
    bool all = false;
    bool json = false;
};

/// Exit code or signal; nothing while it runs.
QString endOf(const QJsonObject &workload)
{
    const QString signal = workload.value("signal"_L1).toString();
    return signal.isEmpty() ? words::plain(workload.value("exit_code"_L1)) : signal;
}

QString tableOf(const QJsonArray &workloads, const Painter &painter)
{
    TextTable table;
    QList<Cell> header;
    for (const QString &title : {u"REQUEST"_s, u"TYPE"_s, u"STATUS"_s, u"PID"_s, u"EXIT"_s, u"RECEIVED"_s,
                                 u"DURATION"_s, u"REPORTED"_s})
        header << Cell{title, Tone::Faint};
    table.add(header);
    for (const QJsonValue &entry : workloads) {
        const QJsonObject workload = entry.toObject();
        const QString status = words::plain(workload.value("status"_L1));
        table.add({{words::plain(workload.value("request_id"_L1)), Tone::Strong},
                   {words::plain(workload.value("type"_L1))},
                   {status, toneOf(status)},
                   {words::plain(workload.value("pid"_L1))},
                   {endOf(workload)},
                   {words::time(workload.value("received_at"_L1))},
                   {words::duration(workload.value("duration_seconds"_L1))},
                   {words::yesNo(workload.value("reported"_L1).toBool())}});
    }
    return table.text(painter);
}

void show(const QJsonArray &workloads, const WorkloadsOptions &options)
{
    if (options.json)
        console::print(QString::fromUtf8(QJsonDocument(workloads).toJson()).trimmed());
    else if (!workloads.isEmpty())
        console::print(tableOf(workloads, Painter::forStandardOutput()));
    else
        console::print(options.all ? u"No workload is on record."_s : u"No workload is running."_s);
}

int runWorkloads(const NodeOptions &node, const WorkloadsOptions &options)
{
    NodeSession session(node);
    const QJsonObject params = {{u"all"_s, options.all}, {u"limit"_s, controlmethods::maxListed}};
    const std::function<void()> ask = [&] {
        session.ask(u"workload.list"_s, params, [&](const QJsonValue &answer) {
            if (!answer["complete"_L1].toBool(true)) {
                QTimer::singleShot(200ms, &session, ask); // it has just started, and is reading its history
                return;
            }
            show(answer["workloads"_L1].toArray(), options);
            session.end(exitcode::ok);
        });
    };
    ask();
    return session.exec();
}

} // namespace

void addWorkloadsCommand(CommandLine &line)
{
    const auto options = std::make_shared<WorkloadsOptions>();
    line.add(
        "workloads", "List the workloads that run",
        [&line, options](CommandOptions command) {
            command.flag("--all", options->all, "Finished ones too");
            command.flag("--json", options->json, "Print JSON");
            line.node().addStateDirTo(command);
        },
        [&line, options] { return runWorkloads(line.node(), *options); });
}

} // namespace cloudnode
