#include "config/shellscanner.h"

#include <algorithm>
#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

QString ShellScanner::obstacle() const
{
    // Sorted by what the person who wrote the command sees first.
    static const QList<std::pair<Context, QString>> reasons = {
        {Context::SingleQuotes, u"within single quotes"_s},
        {Context::AnsiQuotes, u"within $'…'"_s},
        {Context::Backquotes, u"within backquotes"_s},
        {Context::DoubleQuotes, u"within double quotes"_s},
        {Context::Braces, u"within ${…}"_s},
        {Context::Array, u"within an array"_s},
        {Context::Arithmetic, u"within an arithmetic expression"_s},
    };
    if (!m_lost.isEmpty())
        return m_lost;
    for (const auto &[context, reason] : reasons) {
        if (within(context))
            return reason;
    }
    const QChar before = m_at > 0 ? m_command[m_at - 1] : QChar();
    if (before == u'$' || before == u'[')
        return u"directly behind a %1"_s.arg(before);
    return {};
}

QStringView ShellScanner::advance()
{
    const qsizetype from = m_at;
    step();
    m_at = std::min(m_at, m_command.size());
    return m_command.sliced(from, m_at - from);
}

void ShellScanner::skipWord(qsizetype length)
{
    take(length);
}

void ShellScanner::take(qsizetype length, bool wordStartsBehind)
{
    m_at += length;
    m_atWordStart = wordStartsBehind;
}

void ShellScanner::enter(Context context, qsizetype length)
{
    m_contexts.append(context);
    take(length, context == Context::Substitution || context == Context::Group || context == Context::Array);
}

void ShellScanner::leave(qsizetype length)
{
    m_contexts.removeLast();
    take(length);
}

void ShellScanner::giveUp(const QString &reason)
{
    if (m_lost.isEmpty())
        m_lost = reason;
}

void ShellScanner::step()
{
    if (m_inComment) {
        m_inComment = m_command[m_at] != u'\n';
        return take(1, true);
    }
    if (in(Context::SingleQuotes))
        return stepInSingleQuotes();
    if (in(Context::AnsiQuotes))
        return stepInAnsiQuotes();
    if (in(Context::DoubleQuotes))
        return stepInDoubleQuotes();
    if (in(Context::Backquotes))
        return stepInBackquotes();
    if (in(Context::Braces))
        return stepInBraces();
    if (in(Context::Array))
        return stepInArray();
    stepInPlainText();
}

void ShellScanner::stepInSingleQuotes()
{
    if (m_command[m_at] == u'\'')
        return leave(1);
    take(1);
}

void ShellScanner::stepInAnsiQuotes()
{
    if (m_command[m_at] == u'\'')
        return leave(1);
    if (m_command[m_at] != u'\\')
        return take(1);
    // To sh, which does not know this kind of quotes, the word ends here; to bash it goes on.
    if (next() == u'\'')
        giveUp(u"behind $'…' with a \\' in it"_s);
    take(2);
}

void ShellScanner::stepInDoubleQuotes()
{
    switch (m_command[m_at].unicode()) {
    case u'"':
        return leave(1);
    case u'\\':
        return take(2);
    case u'`':
        return enter(Context::Backquotes, 1);
    case u'$':
        return overDollar();
    default:
        return take(1);
    }
}

void ShellScanner::stepInBackquotes()
{
    // Whatever stands in there, the first ` without a backslash ends it.
    if (m_command[m_at] == u'`')
        return leave(1);
    take(m_command[m_at] == u'\\' ? 2 : 1);
}

void ShellScanner::stepInBraces()
{
    switch (m_command[m_at].unicode()) {
    case u'}':
        return leave(1);
    case u'\\':
        return take(2);
    case u'\'':
    case u'"':
        if (within(Context::DoubleQuotes)) // shells disagree about what these mean there
            giveUp(u"behind quotes in a ${…} within double quotes"_s);
        return overQuote();
    case u'`':
        return enter(Context::Backquotes, 1);
    case u'$':
        return overDollar();
    default:
        return take(1);
    }
}

void ShellScanner::stepInArray()
{
    // After a mistake in there bash goes on with the next line, even in the middle of quotes.
    if (QStringView(u"|&;<>(").contains(m_command[m_at]))
        giveUp(u"behind an array with a %1 in it"_s.arg(m_command[m_at]));
    stepInPlainText();
}

void ShellScanner::stepInPlainText()
{
    if (m_atWordStart && within(Context::Substitution) && startsWith(u"case"))
        giveUp(u"behind a case within $(…)"_s); // its patterns end with a ) that closes nothing
    switch (m_command[m_at].unicode()) {
    case u'\\':
        return overBackslash();
    case u'\'':
    case u'"':
        return overQuote();
    case u'`':
        return enter(Context::Backquotes, 1);
    case u'$':
        return overDollar();
    case u'(':
        return overOpening();
    case u')':
        return overClosing();
    case u'#':
        return overHash();
    case u'<':
        return overLess();
    case u' ':
    case u'\t':
    case u'\n':
    case u';':
    case u'&':
    case u'|':
    case u'>':
        return take(1, true);
    default:
        return take(1);
    }
}

void ShellScanner::overDollar()
{
    if (startsWith(u"$(("))
        return enter(Context::Arithmetic, 3);
    if (startsWith(u"$("))
        return enter(Context::Substitution, 2);
    if (startsWith(u"$["))
        giveUp(u"behind an arithmetic expression $[…]"_s);
    if (startsWith(u"${ ") || startsWith(u"${|") || startsWith(u"${\t") || startsWith(u"${\n"))
        giveUp(u"behind a command within ${…}"_s);
    if (startsWith(u"${"))
        return enter(Context::Braces, 2);
    if (next() == u'\'' && !in(Context::DoubleQuotes) && !within(Context::Arithmetic))
        return enter(Context::AnsiQuotes, 2);
    // $$, $# and their kin: what follows them is not their second half.
    const bool special = QStringView(u"$#?!@*-").contains(next());
    take(special ? 2 : 1);
}

void ShellScanner::overBackslash()
{
    // A continued line is no end of a word, nor a beginning.
    take(2, next() == u'\n' && m_atWordStart);
}

void ShellScanner::overQuote()
{
    if (within(Context::Arithmetic))
        giveUp(u"behind quotes in an arithmetic expression"_s);
    enter(m_command[m_at] == u'\'' ? Context::SingleQuotes : Context::DoubleQuotes, 1);
}

void ShellScanner::overOpening()
{
    if (m_atWordStart && startsWith(u"(("))
        return enter(Context::Arithmetic, 2);
    const bool array = m_at > 0 && m_command[m_at - 1] == u'=';
    enter(array ? Context::Array : Context::Group, 1);
}

void ShellScanner::overClosing()
{
    if (in(Context::Arithmetic)) {
        if (startsWith(u"))"))
            return leave(2);
        giveUp(u"behind a (( that does not end with ))"_s);
    }
    if (m_contexts.isEmpty())
        return take(1, true);
    const bool group = in(Context::Group) || in(Context::Array);
    leave(1);
    // Whether a # would begin a comment here depends on what the group belongs to.
    if (group && !atEnd() && m_command[m_at] == u'#')
        giveUp(u"behind a # that follows a )"_s);
    m_atWordStart = group;
}

void ShellScanner::overHash()
{
    if (m_atWordStart && !within(Context::Arithmetic))
        m_inComment = true;
    take(1);
}

void ShellScanner::overLess()
{
    if (within(Context::Arithmetic))
        return take(1, true);
    if (startsWith(u"<<<"))
        return take(3, true);
    if (startsWith(u"<<"))
        giveUp(u"behind a here-document (<<)"_s);
    take(1, true);
}

} // namespace cloudnode
