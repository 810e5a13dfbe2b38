#include "cloud/mqttanswer.h"

#include "cloud/httpanswer.h"

#include <QJsonDocument>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

constexpr int success = 200;
constexpr int badRequest = 400;
constexpr int notFound = 404;

CloudError notAsAgreed(const QString &what, const QString &where)
{
    return {CloudError::Kind::Unavailable, 0, {what, where, {}}, {}};
}

/// The reference's way to say that an instance is gone, which has no code of its own.
bool saysGone(int code, const QString &message)
{
    const auto says = [&message](const QString &words) {
        return message.contains(words, Qt::CaseInsensitive);
    };
    return (code == badRequest && says(u"terminat"_s)) || (code == 0 && says(u"not found"_s));
}

QString withWords(const QJsonObject &answer)
{
    constexpr qsizetype longestText = 500;
    const QString words = answer.value("message"_L1).toString().simplified().left(longestText);
    const QString what = u"the backend says that it did not succeed"_s;
    return words.isEmpty() ? what : what + u": "_s + words;
}

} // namespace

CloudResult<QJsonObject> judgeMqttAnswer(const QByteArray &payload, const QString &where,
                                         bool successMayBeMissing)
{
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(payload, &problem);
    if (problem.error != QJsonParseError::NoError)
        return tl::make_unexpected(
            notAsAgreed(u"the backend's answer is not JSON: "_s + problem.errorString(), where));
    if (!document.isObject())
        return tl::make_unexpected(notAsAgreed(u"the backend's answer is JSON, but not an object"_s, where));
    const QJsonObject answer = document.object();
    if (answer.value("success"_L1).toBool(successMayBeMissing && !answer.contains("success"_L1)))
        return answer;

    const int code = answer.value("code"_L1).toInt();
    const int known = saysGone(code, answer.value("message"_L1).toString()) ? notFound : code;
    if (known < badRequest) { // no code that says so: no refusal for good
        CloudError error = notAsAgreed(withWords(answer), where);
        error.httpStatus = known == success ? 0 : known;
        return tl::make_unexpected(error);
    }
    return judgeStatus({.status = known, .body = payload}, where);
}

} // namespace cloudnode
