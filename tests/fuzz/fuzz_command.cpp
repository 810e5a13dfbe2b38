// Commands from the broker: whatever comes, it is either a valid command or refused with a reason, and what
// it brings along ends up as one word of the shell command, and never as a path.
#include "config/commandtemplate.h"
#include "fuzz/check.h"
#include "wire/command.h"

#include <QJsonDocument>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;

namespace {

/// The words of a command that consists of quoted words, as a shell would read them.
QStringList shellWords(const QString &command)
{
    QStringList words(QString{});
    bool quoted = false;
    for (qsizetype i = 0; i < command.size(); ++i) {
        const QChar c = command[i];
        if (c == u'\'')
            quoted = !quoted;
        else if (!quoted && c == u'\\')
            words.last() += command[++i];
        else if (!quoted && c == u' ')
            words << QString();
        else
            words.last() += c;
    }
    CHECK(!quoted);
    return words;
}

void checkKey(const RequestId &id)
{
    const QString key = id.key();
    CHECK(!key.isEmpty() && key.size() <= 100);
    CHECK(!key.startsWith(u'.') && !key.startsWith(u'-'));
    for (const QChar c : key)
        CHECK((c.unicode() < 128 && c.isLetterOrNumber()) || c == u'.' || c == u'_' || c == u'-');
    const auto again = RequestId::parse(id.toJson());
    CHECK(again && *again == id && again->key() == key);
}

void checkRendering(const RequestId &id, const StartWorkload &action)
{
    static const auto command = CommandTemplate::parse(u"run {request_id} {body}"_s).value();
    const QByteArray body = QJsonDocument(action.params).toJson(QJsonDocument::Compact);
    const auto rendered = command.render(body, u"/params.json"_s, id.text(), BodyMode::Inline);
    if (rendered)
        CHECK(shellWords(*rendered) == QStringList({u"run"_s, id.text(), QString::fromUtf8(body)}));
    else
        CHECK(!rendered.error().what.isEmpty());
}

void checkCommand(const Command &command)
{
    checkKey(command.requestId);
    if (const auto *start = std::get_if<StartWorkload>(&command.action))
        checkRendering(command.requestId, *start);
    if (const auto *cancel = std::get_if<CancelWorkload>(&command.action)) {
        const qint64 *pid = std::get_if<qint64>(&cancel->target);
        CHECK(!pid || *pid > 0);
        CHECK(cancel->signalName.startsWith(u"SIG"_s));
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const auto command =
        parseCommand(QByteArray(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size)));
    if (command) {
        checkCommand(*command);
    } else {
        CHECK(!command.error().error.what.isEmpty());
        if (command.error().requestId)
            checkKey(*command.error().requestId);
    }
    return 0;
}
