#include "config/commandtemplate.h"

#include "config/shellscanner.h"

#include <QRegularExpression>

#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

QString quoted(QString word)
{
    return u'\'' + word.replace(u'\'', u"'\\''"_s) + u'\'';
}

tl::unexpected<Error> refused(const QString &placeholder, const QString &obstacle)
{
    return fail(
        u"%1 stands %2, where the shell could run what it holds"_s.arg(placeholder, obstacle), {},
        u"Write %1 bare, as a word of its own: it is quoted when it is put in. Or leave it out and use "
        "the environment variables CYBERWAVE_PARAMS_FILE and CYBERWAVE_REQUEST_ID."_s.arg(placeholder));
}

/// Commands that take the next word for shell text, however well it is quoted.
bool readsItAsShellText(QStringView before)
{
    static const QRegularExpression evaluating(
        u"(?:\\beval\\b[^;&|\\n]*|\\b(?:a|ba|da|k|z)?sh(?:\\s+-\\S+)*\\s+-\\w*c)\\s+\\z"_s);
    return evaluating.match(before).hasMatch();
}

tl::unexpected<Error> tooLong(qsizetype bytes)
{
    return fail(
        u"the command would be %1 bytes long with its parameters, more than the %2 that can be handed "
        "to a shell"_s.arg(bytes)
            .arg(CommandTemplate::maxCommandBytes),
        {},
        u"Use {body_file} in place of {body} in cyberwave.yml, or set body_mode: file: both hand over "
        "the path of a file that holds the parameters."_s);
}

} // namespace

CommandTemplate::Piece CommandTemplate::placeholderAt(QStringView text)
{
    static const QList<Piece> all = {{u"{body}"_s, Placeholder::Body},
                                     {u"{body_file}"_s, Placeholder::BodyFile},
                                     {u"{request_id}"_s, Placeholder::RequestId}};
    for (const Piece &piece : all) {
        if (text.startsWith(piece.text))
            return piece;
    }
    return {};
}

Result<CommandTemplate> CommandTemplate::parse(const QString &text)
{
    CommandTemplate result;
    QString literal;
    ShellScanner scanner(text);
    while (!scanner.atEnd()) {
        const QChar first = scanner.rest().front();
        const bool marked = first == u'\\' || first == u'$'; // the scanner would take both for one thing
        const Piece found =
            scanner.inComment() ? Piece() : placeholderAt(scanner.rest().sliced(marked ? 1 : 0));
        if (found.placeholder == Placeholder::None) {
            literal += scanner.advance();
            continue;
        }
        const qsizetype at = text.size() - scanner.rest().size();
        QString obstacle = marked ? u"directly behind a %1"_s.arg(first) : scanner.obstacle();
        if (obstacle.isEmpty() && readsItAsShellText(QStringView(text).first(at)))
            obstacle = u"behind a command that reads it as shell text"_s;
        if (!obstacle.isEmpty())
            return refused(found.text, obstacle);
        result.m_pieces.append({std::exchange(literal, {}), Placeholder::None});
        result.m_pieces.append(found);
        scanner.skipWord(found.text.size());
    }
    result.m_pieces.append({literal, Placeholder::None});
    return result;
}

Result<QString> CommandTemplate::render(const QByteArray &bodyJson, const QString &bodyFile,
                                        const QString &requestId, BodyMode mode) const
{
    const QString body = mode == BodyMode::File ? bodyFile : QString::fromUtf8(bodyJson);
    QString command;
    for (const Piece &piece : m_pieces) {
        switch (piece.placeholder) {
        case Placeholder::None:
            command += piece.text;
            break;
        case Placeholder::Body:
            command += quoted(body);
            break;
        case Placeholder::BodyFile:
            command += quoted(bodyFile);
            break;
        case Placeholder::RequestId:
            command += quoted(requestId);
            break;
        }
    }
    if (command.contains(QChar(u'\0')))
        return fail(u"the command would hold a NUL, which no argument can"_s);
    const qsizetype bytes = command.toUtf8().size();
    if (bytes > maxCommandBytes)
        return tooLong(bytes);
    return command;
}

} // namespace cloudnode
