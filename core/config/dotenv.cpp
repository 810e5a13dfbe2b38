#include "config/dotenv.h"

#include <QHash>
#include <QRegularExpression>

#include <optional>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

/// Walks through the text of a .env file, one statement at a time.
class Reader {
public:
    explicit Reader(const QString &text) : m_text(text) {}

    bool atEnd() const { return m_at >= m_text.size(); }
    int line() const { return m_line; }
    QChar peek() const { return atEnd() ? QChar() : m_text[m_at]; }

    /// Takes what matches here; none, and nothing is taken, if nothing does.
    std::optional<QRegularExpressionMatch> take(const QRegularExpression &pattern)
    {
        // Text decoded from UTF-8 is valid; checking the whole of it at every step would take for ever.
        auto match = pattern.match(m_text, m_at, QRegularExpression::NormalMatch,
                                   QRegularExpression::AnchorAtOffsetMatchOption |
                                       QRegularExpression::DontCheckSubjectStringMatchOption);
        if (!match.hasMatch())
            return std::nullopt;
        countLines(match.capturedView());
        m_at = match.capturedEnd();
        return match;
    }

private:
    void countLines(QStringView taken)
    {
        for (qsizetype i = 0; i < taken.size(); ++i) {
            const bool pair = taken[i] == u'\r' && i + 1 < taken.size() && taken[i + 1] == u'\n';
            if (taken[i] == u'\n' || (taken[i] == u'\r' && !pair))
                ++m_line;
        }
    }

    const QString &m_text;
    qsizetype m_at = 0;
    int m_line = 1;
};

QString unescaped(const QString &text, QStringView escapes, QStringView meanings)
{
    QString plain;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const qsizetype escape = text[i] == u'\\' && i + 1 < text.size() ? escapes.indexOf(text[i + 1]) : -1;
        if (escape >= 0)
            ++i;
        plain += escape >= 0 ? meanings[escape] : text[i];
    }
    return plain;
}

std::optional<QString> takeQuoted(Reader &reader, QChar quote)
{
    // The first is possessive, so that a long value needs no stack. The second finds an end for 'C:\\dir\\',
    // where what looks like an escaped quote is the last one.
    static const QList<QRegularExpression> inSingle = {QRegularExpression(u"'((?:\\\\'|[^'])*+)'"_s),
                                                       QRegularExpression(u"'((?:\\\\'|[^'])*)'"_s)};
    static const QList<QRegularExpression> inDouble = {QRegularExpression(u"\"((?:\\\\\"|[^\"])*+)\""_s),
                                                       QRegularExpression(u"\"((?:\\\\\"|[^\"])*)\""_s)};
    const bool single = quote == u'\'';
    for (const QRegularExpression &pattern : single ? inSingle : inDouble) {
        if (const auto match = reader.take(pattern))
            return single ? unescaped(match->captured(1), u"\\'", u"\\'")
                          : unescaped(match->captured(1), u"\\'\"abfnrtv", u"\\'\"\a\b\f\n\r\t\v");
    }
    return std::nullopt;
}

QString takeUnquoted(Reader &reader)
{
    static const QRegularExpression rest(u"[^\\r\\n]*"_s);
    static const QRegularExpression comment(u"\\s+#.*"_s, QRegularExpression::DotMatchesEverythingOption);
    static const QRegularExpression blankEnd(u"\\s+\\z"_s);
    const auto match = reader.take(rest);
    return match->captured().remove(comment).remove(blankEnd);
}

std::optional<QString> takeValue(Reader &reader)
{
    const QChar first = reader.peek();
    if (first == u'\'' || first == u'"')
        return takeQuoted(reader, first);
    return takeUnquoted(reader);
}

std::optional<QString> takeName(Reader &reader)
{
    static const QRegularExpression quoted(u"'([^']+)'"_s);
    static const QRegularExpression plain(u"([^=#\\s]+)"_s);
    const auto match = reader.take(reader.peek() == u'\'' ? quoted : plain);
    return match ? std::optional(match->captured(1)) : std::nullopt;
}

struct Statement {
    QString name;                 ///< empty: a comment or a blank line
    std::optional<QString> value; ///< none: the name stands alone
};

/// None: what stands here is no statement.
std::optional<Statement> takeStatement(Reader &reader)
{
    static const QRegularExpression exportWord(u"(?:export[^\\S\\r\\n]+)?"_s);
    static const QRegularExpression blanks(u"[^\\S\\r\\n]*"_s);
    static const QRegularExpression equals(u"=[^\\S\\r\\n]*"_s);
    static const QRegularExpression end(u"[^\\S\\r\\n]*(?:#[^\\r\\n]*)?(?:\\r\\n|\\n|\\r|\\z)"_s);

    Statement statement;
    reader.take(exportWord);
    if (reader.peek() != u'#') {
        const auto name = takeName(reader);
        if (!name)
            return std::nullopt;
        statement.name = *name;
    }
    reader.take(blanks);
    if (reader.take(equals)) {
        statement.value = takeValue(reader);
        if (!statement.value)
            return std::nullopt;
    }
    if (!reader.take(end))
        return std::nullopt;
    return statement;
}

/// The values known so far, those of the process first.
class Expander {
public:
    explicit Expander(const QProcessEnvironment &environment) : m_environment(environment) {}

    /// None: the value, or all values together, would grow beyond what a .env file is for.
    std::optional<QString> expand(const QString &value) const
    {
        static const QRegularExpression reference(u"\\$\\{([^}:]*)(?::-([^}]*))?\\}"_s);
        QString expanded;
        qsizetype done = 0;
        for (auto it = reference.globalMatch(value); it.hasNext();) {
            const auto match = it.next();
            expanded += QStringView(value).sliced(done, match.capturedStart() - done);
            expanded += lookUp(match.captured(1), match.captured(2));
            done = match.capturedEnd();
            if (expanded.size() > m_room)
                return std::nullopt;
        }
        expanded += QStringView(value).sliced(done);
        return expanded.size() > m_room ? std::nullopt : std::optional(expanded);
    }
    void learn(const QString &name, const QString &value)
    {
        m_room -= value.size();
        m_own.insert(name, value);
    }

private:
    QString lookUp(const QString &name, const QString &otherwise) const
    {
        if (m_environment.contains(name))
            return m_environment.value(name);
        return m_own.value(name, otherwise);
    }

    const QProcessEnvironment &m_environment;
    QHash<QString, QString> m_own;
    qsizetype m_room = 1 << 20; // values that name each other could otherwise fill any memory
};

void put(DotEnv &file, QHash<QString, qsizetype> &positions, DotEnvEntry entry)
{
    const auto known = positions.constFind(entry.name);
    if (known != positions.cend()) {
        file.entries[*known] = std::move(entry);
        return;
    }
    positions.insert(entry.name, file.entries.size());
    file.entries.append(std::move(entry));
}

} // namespace

DotEnv DotEnv::parse(const QString &text, const QProcessEnvironment &environment)
{
    static const QRegularExpression blankLines(u"\\s*"_s);
    static const QRegularExpression restOfLine(u"[^\\r\\n]*(?:\\r\\n|\\n|\\r)?"_s);
    DotEnv file;
    QHash<QString, qsizetype> positions;
    Expander expander(environment);
    Reader reader(text);
    for (reader.take(blankLines); !reader.atEnd(); reader.take(blankLines)) {
        const int line = reader.line();
        const auto statement = takeStatement(reader);
        if (!statement) {
            file.badLines << line;
            reader.take(restOfLine);
            continue;
        }
        if (statement->name.isEmpty() || !statement->value)
            continue;
        const std::optional<QString> value = expander.expand(*statement->value);
        if (!value) {
            file.badLines << line;
            continue;
        }
        expander.learn(statement->name, *value);
        put(file, positions, {statement->name, *value, line});
    }
    return file;
}

} // namespace cloudnode
