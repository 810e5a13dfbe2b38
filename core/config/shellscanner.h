#pragma once

#include <QList>
#include <QString>
#include <QStringView>

namespace cloudnode {

/// Walks through a shell command and knows, at every place, whether a word in single quotes that is put there
/// would be read as exactly that word. It understands sh and bash as far as that takes; from the first thing
/// on that it does not understand, it says no: a "yes" must be right.
class ShellScanner {
public:
    explicit ShellScanner(QStringView command) : m_command(command) {}

    bool atEnd() const { return m_at >= m_command.size(); }
    QStringView rest() const { return m_command.sliced(m_at); }

    /// Why a quoted word may not stand here, such as "within double quotes"; empty if it may.
    QString obstacle() const;
    /// Nothing is run here.
    bool inComment() const { return m_inComment; }

    /// Goes over one character, or over a few that belong together; returns them.
    QStringView advance();
    /// Goes over `length` characters in whose place a quoted word will stand.
    void skipWord(qsizetype length);

private:
    enum class Context {
        SingleQuotes,
        AnsiQuotes, ///< $'…'
        DoubleQuotes,
        Backquotes,
        Braces,       ///< ${…}
        Substitution, ///< $(…)
        Group,        ///< (…)
        Array,        ///< name=(…)
        Arithmetic,   ///< ((…)) and $((…))
    };

    bool in(Context context) const { return !m_contexts.isEmpty() && m_contexts.last() == context; }
    bool within(Context context) const { return m_contexts.contains(context); }
    bool startsWith(QStringView text) const { return rest().startsWith(text); }
    QChar next() const { return m_at + 1 < m_command.size() ? m_command[m_at + 1] : QChar(); }

    void take(qsizetype length, bool wordStartsBehind = false);
    void enter(Context context, qsizetype length);
    void leave(qsizetype length);
    void giveUp(const QString &reason);

    void step();
    void stepInSingleQuotes();
    void stepInAnsiQuotes();
    void stepInDoubleQuotes();
    void stepInBackquotes();
    void stepInBraces();
    void stepInArray();
    void stepInPlainText();
    void overDollar();
    void overBackslash();
    void overQuote();
    void overOpening();
    void overClosing();
    void overHash();
    void overLess();

    QStringView m_command;
    qsizetype m_at = 0;
    QList<Context> m_contexts; ///< innermost last
    bool m_inComment = false;
    bool m_atWordStart = true;
    QString m_lost; ///< why nothing is certain any more; empty: all is
};

} // namespace cloudnode
