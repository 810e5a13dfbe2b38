#include "results/storeverdict.h"

#include "cloud/httpanswer.h"

#include <QRegularExpression>

#include <algorithm>
#include <array>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

constexpr std::array passing = {408, 409, 425, 429, 500, 502, 503, 504};

/// The one word of a store's answer that is safe to repeat: the rest may quote the signature.
QString codeIn(const QByteArray &body)
{
    static const QRegularExpression code(u"<Code>(\\w{1,64})</Code>"_s);
    const QString found = code.match(QString::fromUtf8(body)).captured(1);
    return found.isEmpty() ? QString() : u": "_s + found;
}

} // namespace

StoreVerdict verdictOf(int status, const QByteArray &body, const QByteArray &retryAfter, const QString &host)
{
    if (status >= 200 && status <= 299)
        return {StoreVerdict::Kind::Stored, {}, {}};
    const QString said = u" (HTTP %1%2)"_s.arg(status).arg(codeIn(body));
    if (std::find(passing.begin(), passing.end(), status) != passing.end())
        return {StoreVerdict::Kind::Passing,
                {u"the store is unavailable"_s + said, host, {}},
                parseRetryAfter(retryAfter, QDateTime::currentDateTimeUtc())};
    return {StoreVerdict::Kind::Refused, {u"the store refused it"_s + said, host, {}}, {}};
}

} // namespace cloudnode
