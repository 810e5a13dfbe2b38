#include "config/setting.h"

#include <algorithm>
#include <optional>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

// Regular expressions would say it shorter, but to make each ready takes as long as all else that is done
// with the configuration.

/// Control characters, invisible ones, and those that are none.
bool isUnprintable(char32_t character)
{
    switch (QChar::category(character)) {
    case QChar::Other_Control:
    case QChar::Other_Format:
    case QChar::Other_Surrogate:
    case QChar::Other_PrivateUse:
    case QChar::Other_NotAssigned:
        return true;
    default:
        return false;
    }
}

bool isWholeNumber(QStringView text)
{
    if (text.startsWith(u'+') || text.startsWith(u'-'))
        text = text.sliced(1);
    return !text.isEmpty() &&
           std::all_of(text.begin(), text.end(), [](QChar c) { return c >= u'0' && c <= u'9'; });
}

// One reader a kind of value. None: the text is not of that kind.

std::optional<QString> without(const QString &text, QStringView forbidden)
{
    const QList<uint> characters = text.toUcs4();
    const bool isBad = std::any_of(characters.cbegin(), characters.cend(), [forbidden](uint character) {
        return character == ' ' || isUnprintable(character) ||
               forbidden.contains(QStringView(QChar::fromUcs4(character)));
    });
    return isBad || text.isEmpty() ? std::nullopt : std::optional(text);
}

std::optional<QString> readHost(const QString &text)
{
    // One colon is a port; more are an IPv6 address.
    if (text.count(u':') == 1)
        return std::nullopt;
    return without(text, u"/@?#");
}

std::optional<QString> readPrefix(const QString &text)
{
    if (text.compare("production"_L1, Qt::CaseInsensitive) == 0)
        return QString();
    return without(text, u"+#");
}

std::optional<QString> readWithoutNul(const QString &text)
{
    if (text.trimmed().isEmpty() || text.contains(QChar(u'\0')))
        return std::nullopt;
    return text;
}

std::optional<QString> readString(ValueKind kind, const QString &text)
{
    switch (kind) {
    case ValueKind::Name:
        return without(text.trimmed(), u"/+#");
    case ValueKind::Token:
        return without(text.trimmed(), {});
    case ValueKind::Prefix:
        return readPrefix(text.trimmed());
    case ValueKind::Host:
        return readHost(text.trimmed());
    default:
        return readWithoutNul(text);
    }
}

std::optional<QUrl> readUrl(const QString &text)
{
    QUrl url(text.trimmed(), QUrl::StrictMode);
    const bool web = url.scheme() == "http"_L1 || url.scheme() == "https"_L1;
    if (!url.isValid() || !web || url.host().isEmpty() || !url.userInfo().isEmpty() || url.hasQuery() ||
        url.hasFragment())
        return std::nullopt;
    QString path = url.path();
    while (path.endsWith(u'/'))
        path.chop(1);
    url.setPath(path);
    return url;
}

std::optional<qint64> readNumber(const QString &text, qint64 min, qint64 max)
{
    bool ok = false;
    const qint64 number = text.trimmed().toLongLong(&ok, 10);
    if (!ok || !isWholeNumber(QStringView(text).trimmed()) || number < min || number > max)
        return std::nullopt;
    return number;
}

std::optional<bool> readFlag(const QString &text)
{
    static const QStringList yes = {u"1"_s, u"true"_s, u"t"_s, u"yes"_s, u"y"_s, u"on"_s};
    static const QStringList no = {u"0"_s, u"false"_s, u"f"_s, u"no"_s, u"n"_s, u"off"_s};
    const QString word = text.trimmed().toLower();
    if (!yes.contains(word) && !no.contains(word))
        return std::nullopt;
    return yes.contains(word);
}

std::optional<BodyMode> readMode(const QString &text)
{
    const QString word = text.trimmed().toLower();
    if (word == "inline"_L1)
        return BodyMode::Inline;
    if (word == "file"_L1)
        return BodyMode::File;
    return std::nullopt;
}

std::optional<QString> readChoice(const QStringList &choices, const QString &text)
{
    const QString word = text.trimmed().toLower();
    return choices.contains(word) ? std::optional(word) : std::nullopt;
}

QString shortened(const QString &text)
{
    constexpr qsizetype longest = 60;
    const QString line = text.simplified();
    return line.size() <= longest ? line : line.left(longest) + u'…';
}

/// Puts what was read into one field of a configuration; the field's type chooses the reader.
struct Assigner {
    const Setting &setting;
    const QString &text;
    NodeConfig &config;

    template <typename T>
    bool operator()(T NodeConfig::*field) const
    {
        return put(config.*field);
    }
    template <typename T>
    bool operator()(const LimitField<T> &field) const
    {
        return put(config.*field.limits.*field.member);
    }

    bool put(QString &value) const { return put(value, string()); }
    bool put(QUrl &value) const { return put(value, readUrl(text)); }
    bool put(bool &value) const { return put(value, readFlag(text)); }
    bool put(int &value) const { return put(value, number()); }
    bool put(quint16 &value) const { return put(value, number()); }
    bool put(std::chrono::seconds &value) const { return put(value, number()); }
    bool put(BodyMode &value) const { return put(value, readMode(text)); }
    template <typename T, typename Read>
    static bool put(T &value, const std::optional<Read> &read)
    {
        if (read)
            value = T(*read);
        return read.has_value();
    }

    std::optional<qint64> number() const { return readNumber(text, setting.min, setting.max); }
    std::optional<QString> string() const
    {
        if (setting.kind == ValueKind::Choice)
            return readChoice(setting.choices, text);
        return readString(setting.kind, text);
    }
};

struct ToJson {
    const NodeConfig &config;

    template <typename T>
    QJsonValue operator()(T NodeConfig::*field) const
    {
        return json(config.*field);
    }
    template <typename T>
    QJsonValue operator()(const LimitField<T> &field) const
    {
        return json(config.*field.limits.*field.member);
    }

    template <typename T>
    static QJsonValue json(const T &value) // texts, numbers and truth values
    {
        return value;
    }
    static QJsonValue json(const QUrl &value) { return value.toString(); }
    static QJsonValue json(std::chrono::seconds value) { return qint64{value.count()}; }
    static QJsonValue json(BodyMode value) { return value == BodyMode::File ? u"file"_s : u"inline"_s; }
};

} // namespace

QJsonValue Setting::value(const NodeConfig &config) const
{
    return std::visit(ToJson{config}, field);
}

QString Setting::text(const NodeConfig &config) const
{
    return value(config).toVariant().toString();
}

QString Setting::expected() const
{
    switch (kind) {
    case ValueKind::Text:
    case ValueKind::Path:
        return kind == ValueKind::Path ? u"a path"_s : u"a text"_s;
    case ValueKind::Name:
        return u"a name without blanks, '/', '+' and '#'"_s;
    case ValueKind::Token:
        return u"a text without blanks"_s;
    case ValueKind::Prefix:
        return u"a topic prefix without blanks, '+' and '#'"_s;
    case ValueKind::Command:
        return u"a shell command"_s;
    case ValueKind::Host:
        return u"a host name or address without scheme and port"_s;
    case ValueKind::Url:
        return u"an http or https URL without user name, query and fragment"_s;
    case ValueKind::Number:
        return u"a whole number from %1 to %2"_s.arg(min).arg(max);
    case ValueKind::Seconds:
        return u"a whole number of seconds from %1 to %2"_s.arg(min).arg(max);
    case ValueKind::Flag:
        return u"true or false"_s;
    case ValueKind::Mode:
        return u"inline or file"_s;
    case ValueKind::Choice:
        return choices.join(u" or "_s);
    }
    Q_UNREACHABLE();
}

Result<void> Setting::assign(const QString &text, NodeConfig &config) const
{
    if (std::visit(Assigner{*this, text, config}, field))
        return {};
    if (text.trimmed().isEmpty())
        return fail(u"is empty, expected "_s + expected());
    // A URL may carry a password too.
    const bool showable = !secret && !text.contains(u'@');
    return fail((showable ? u"is \"%1\""_s.arg(shortened(text)) : u"has a wrong form"_s) + u", expected "_s +
                expected());
}

} // namespace cloudnode
