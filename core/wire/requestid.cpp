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

bool isPrintable(const QString &text)
{
    return std::all_of(text.cbegin(), text.cend(), [](QChar c) {
        // Surrogates stand for printable characters outside the basic plane.
        return c.isPrint() || c.isSurrogate();
    });
}

bool isPlain(const QString &text)
{
    // The form with a hash at its end is reserved for texts that are not plain, so that nobody can write
    // down another's key.
    static const QRegularExpression plain(u"\\A[A-Za-z0-9][A-Za-z0-9._-]{0,99}\\z"_s);
    static const QRegularExpression hashed(u"-[0-9a-f]{32}\\z"_s);
    return plain.match(text).hasMatch() && !hashed.match(text).hasMatch();
}

} // namespace

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

QString RequestId::key() const
{
    if (isPlain(m_text))
        return m_text;
    static const QRegularExpression harmful(u"[^A-Za-z0-9_]+"_s);
    const QString readable = QString(m_text).replace(harmful, u"_"_s).left(60);
    const QByteArray hash = QCryptographicHash::hash(m_text.toUtf8(), QCryptographicHash::Sha256).toHex();
    return u"x"_s + readable + u'-' + QString::fromLatin1(hash.left(32));
}

} // namespace cloudnode
