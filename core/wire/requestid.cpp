#include "wire/requestid.h"

#include <QCryptographicHash>
#include <QRegularExpression>
#include <QUuid>

#include <algorithm>
#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

constexpr double largestExactInteger = 9007199254740992.0; // 2^53: beyond it JSON readers disagree
constexpr qsizetype hashLength = 32;                       // of a key

bool isPrintable(const QString &text)
{
    return std::all_of(text.cbegin(), text.cend(), [](QChar c) {
        // Surrogates stand for printable characters outside the basic plane.
        return c.isPrint() || c.isSurrogate();
    });
}

bool isLetterOrDigit(QChar c)
{
    return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9');
}

bool isHexDigit(QChar c)
{
    return (c >= u'a' && c <= u'f') || (c >= u'0' && c <= u'9');
}

bool endsWithHash(QStringView text)
{
    if (text.size() <= hashLength || text[text.size() - hashLength - 1] != u'-')
        return false;
    const QStringView hash = text.last(hashLength);
    return std::all_of(hash.begin(), hash.end(), isHexDigit);
}

bool isPlain(const QString &text)
{
    constexpr qsizetype longest = 100;
    const auto isHarmless = [](QChar c) { return isLetterOrDigit(c) || c == u'.' || c == u'_' || c == u'-'; };
    // The form with a hash at its end is reserved for texts that are not plain, so that nobody can write
    // down another's key.
    return !text.isEmpty() && text.size() <= longest && isLetterOrDigit(text.front()) &&
           std::all_of(text.begin(), text.end(), isHarmless) && !endsWithHash(text);
}

QString keyFor(const QString &text)
{
    if (isPlain(text))
        return text;
    static const QRegularExpression harmful(u"[^A-Za-z0-9_]+"_s);
    const QString readable = QString(text).replace(harmful, u"_"_s).left(60);
    const QByteArray hash = QCryptographicHash::hash(text.toUtf8(), QCryptographicHash::Sha256).toHex();
    return u"x"_s + readable + u'-' + QString::fromLatin1(hash.left(hashLength));
}

} // namespace

RequestId::RequestId(const QString &text, QJsonValue json)
    : m_text(text),
      m_json(std::move(json)),
      m_key(keyFor(text))
{
}

Result<RequestId> RequestId::parse(const QJsonValue &value)
{
    if (value.isDouble()) {
        const double number = value.toDouble();
        if (std::floor(number) != number || std::abs(number) > largestExactInteger)
            return fail(u"request_id is not a whole number of at most 2^53"_s, u"request_id"_s,
                        u"Send a string."_s);
        return RequestId(QString::number(value.toInteger()), value);
    }
    if (!value.isString())
        return fail(u"request_id is neither a string nor a whole number"_s, u"request_id"_s);
    const QString text = value.toString();
    if (text.isEmpty())
        return fail(u"request_id is empty"_s, u"request_id"_s);
    if (text.size() > maxLength)
        return fail(u"request_id is longer than %1 characters"_s.arg(maxLength), u"request_id"_s);
    // Half a surrogate pair would come back from a file as another text.
    if (!isPrintable(text) || !text.isValidUtf16())
        return fail(u"request_id has unprintable characters"_s, u"request_id"_s);
    return RequestId(text, value);
}

RequestId RequestId::generate()
{
    const QString text = QUuid::createUuid().toString(QUuid::WithoutBraces);
    return RequestId(text, text);
}

} // namespace cloudnode
