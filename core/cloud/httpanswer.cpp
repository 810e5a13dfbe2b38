#include "cloud/httpanswer.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QLocale>
#include <QTimeZone>
#include <QUrl>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;
using std::chrono::seconds;

namespace cloudnode {

namespace {

constexpr qsizetype longestText = 500; // of a backend's words, in UTF-16 units

QString presentable(const QString &text)
{
    const QString line = text.simplified();
    return line.size() <= longestText ? line : line.left(longestText) + u" …"_s;
}

QString textOf(const QJsonValue &value)
{
    if (value.isString())
        return value.toString();
    if (value.isArray()) // validation errors of some frameworks
        return QString::fromUtf8(QJsonDocument(value.toArray()).toJson(QJsonDocument::Compact));
    if (value.isObject())
        return QString::fromUtf8(QJsonDocument(value.toObject()).toJson(QJsonDocument::Compact));
    return {};
}

/// The backend's own explanation: `message`, else `detail`, else all it said.
QString explanation(const QByteArray &body)
{
    const QJsonObject object = QJsonDocument::fromJson(body).object();
    for (const auto &key : {u"message"_s, u"detail"_s}) {
        QString text = presentable(textOf(object.value(key)));
        if (!text.isEmpty())
            return text;
    }
    return presentable(QString::fromUtf8(body));
}

QString withExplanation(const QString &what, const QByteArray &body)
{
    const QString words = explanation(body);
    return words.isEmpty() ? what : what + u": "_s + words;
}

Error redirect(const HttpAnswer &answer, const QString &url)
{
    const QUrl target = QUrl::fromEncoded(answer.location);
    const QString shown =
        presentable(target.toDisplayString(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment));
    return {
        u"the backend redirects (HTTP %1) to \"%2\", which is not followed"_s.arg(answer.status).arg(shown),
        url, u"Check the API URL (CYBERWAVE_API_URL)."_s};
}

Error errorOf(const HttpAnswer &answer, const QString &url)
{
    const QString status = u" (HTTP %1)"_s.arg(answer.status);
    if (answer.status == 401)
        return {withExplanation(u"the API token was not accepted"_s + status, answer.body), url,
                u"Check CYBERWAVE_API_TOKEN, or log in again."_s};
    if (answer.status == 403)
        return {withExplanation(u"the API token gives no access here"_s + status, answer.body), url,
                u"Check that the token belongs to the right workspace."_s};
    if (answer.status == 404)
        return {withExplanation(u"the backend does not know this"_s + status, answer.body), url, {}};
    if (answer.status >= 300 && answer.status < 400)
        return redirect(answer, url);
    if (kindOfStatus(answer.status) == CloudError::Kind::Refused)
        return {withExplanation(u"the backend refused the request"_s + status, answer.body), url, {}};
    return {withExplanation(u"the backend is unavailable"_s + status, answer.body), url, {}};
}

tl::unexpected<CloudError> notAsAgreed(const HttpAnswer &answer, const QString &url, const QString &what)
{
    return tl::make_unexpected(CloudError{CloudError::Kind::Unavailable,
                                          answer.status,
                                          {what, url, u"Check the API URL (CYBERWAVE_API_URL)."_s},
                                          {}});
}

} // namespace

CloudError::Kind kindOfStatus(int status)
{
    if (status == 401 || status == 403)
        return CloudError::Kind::Unauthorized;
    if (status == 404)
        return CloudError::Kind::NotFound;
    const bool passing = status == 408 || status == 425 || status == 429;
    if (status >= 400 && status < 500 && !passing)
        return CloudError::Kind::Refused;
    return CloudError::Kind::Unavailable;
}

std::optional<seconds> parseRetryAfter(const QByteArray &value, const QDateTime &now)
{
    const QByteArray text = value.trimmed();
    const bool digitsOnly = !text.isEmpty() && std::all_of(text.cbegin(), text.cend(),
                                                           [](char c) { return c >= '0' && c <= '9'; });
    qint64 wait = 0;
    if (digitsOnly) {
        bool fits = false;
        wait = text.toLongLong(&fits);
        if (!fits)
            wait = longestRetryAfter.count();
    } else {
        QDateTime date =
            QLocale::c().toDateTime(QString::fromLatin1(text), u"ddd, dd MMM yyyy hh:mm:ss 'GMT'"_s);
        if (!date.isValid())
            return std::nullopt;
        date.setTimeSpec(Qt::UTC);
        wait = now.secsTo(date);
    }
    return std::clamp(seconds(wait), seconds(0), longestRetryAfter);
}

CloudResult<QJsonObject> judgeStatus(const HttpAnswer &answer, const QString &url)
{
    if (answer.status >= 200 && answer.status <= 299)
        return QJsonDocument::fromJson(answer.body).object();
    return tl::make_unexpected(
        CloudError{kindOfStatus(answer.status), answer.status, errorOf(answer, url),
                   parseRetryAfter(answer.retryAfter, QDateTime::currentDateTimeUtc())});
}

CloudResult<QJsonObject> judge(const HttpAnswer &answer, const QString &url)
{
    if (auto status = judgeStatus(answer, url); !status)
        return status;
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(answer.body, &problem);
    if (answer.body.trimmed().isEmpty())
        return notAsAgreed(answer, url, u"the backend's answer is empty, expected a JSON object"_s);
    if (problem.error != QJsonParseError::NoError)
        return notAsAgreed(answer, url,
                           u"the backend's answer is not JSON (%1): %2"_s.arg(
                               problem.errorString(), presentable(QString::fromUtf8(answer.body.left(200)))));
    if (!document.isObject())
        return notAsAgreed(answer, url, u"the backend's answer is JSON, but not an object"_s);
    if (document.object().value(u"success"_s) == QJsonValue(false))
        return notAsAgreed(answer, url,
                           withExplanation(u"the backend says that it did not succeed"_s, answer.body));
    return document.object();
}

} // namespace cloudnode
