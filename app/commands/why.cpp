#include "commands/why.h"

#include "commandline.h"
#include "console.h"
#include "node/exitcodes.h"
#include "nodesession.h"
#include "texttable.h"
#include "words.h"

#include <QJsonArray>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

Tone toneOfLevel(const QString &level)
{
    if (level == "error"_L1)
        return Tone::Bad;
    return level == "warning"_L1 ? Tone::Warning : Tone::Plain;
}

QString timelineText(const QJsonArray &timeline, const Painter &painter)
{
    TextTable table;
    for (const QJsonValue &entry : timeline) {
        const QString level = entry["level"_L1].toString();
        table.add({{words::time(entry["at"_L1]), Tone::Faint},
                   {words::plain(entry["text"_L1]), toneOfLevel(level)}});
    }
    return table.text(painter);
}

int runWhy(const NodeOptions &node, const QString &requestId)
{
    NodeSession session(node);
    session.ask(u"workload.timeline"_s, {{u"request_id"_s, requestId}}, [&](const QJsonValue &answer) {
        console::print(timelineText(answer["timeline"_L1].toArray(), Painter::forStandardOutput()));
        session.end(exitcode::ok);
    });
    return session.exec();
}

} // namespace

void addWhyCommand(CommandLine &line)
{
    const auto requestId = std::make_shared<std::string>();
    line.add(
        "why", "Tell the life of one request",
        [&line, requestId](CommandOptions command) {
            command.text("request", *requestId, "Id of the request",
                         {.shownAs = "REQUEST_ID", .isRequired = true});
            line.node().addStateDirTo(command);
        },
        [&line, requestId] { return runWhy(line.node(), QString::fromStdString(*requestId)); });
}

} // namespace cloudnode
