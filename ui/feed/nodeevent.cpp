#include "ui/feed/nodeevent.h"

#include "ui/feed/jsonread.h"

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

NodeEvent::Level levelOf(const QString &name)
{
    if (name == "error"_L1)
        return NodeEvent::Level::Error;
    return name == "warning"_L1 ? NodeEvent::Level::Warning : NodeEvent::Level::Info;
}

} // namespace

NodeEvent NodeEvent::fromJson(const QJsonObject &json)
{
    NodeEvent event;
    event.at = jsonread::time(json[u"at"_s]);
    event.kind = json[u"kind"_s].toString();
    event.level = levelOf(json[u"level"_s].toString());
    event.text = json[u"text"_s].toString();
    event.requestText = json[u"request_id"_s].toVariant().toString();
    return event;
}

} // namespace cloudnode
