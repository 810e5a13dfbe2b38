#include "cloud/restclient.h"

#include "cloud/httpexchange.h"
#include "cloud/onetimebody.h"
#include "platform/rawsocket.h"

#include <QCoreApplication>
#include <QJsonDocument>
#include <QPointer>

#include <algorithm>
#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

constexpr int deadlineInTimeouts = 4;

/// For people: what follows the question mark is left out, and so is a password in front of the host.
QString shown(const QUrl &url)
{
    return url.toDisplayString(QUrl::RemoveUserInfo | QUrl::RemoveQuery);
}

CloudResult<QJsonObject> read(const HttpExchange &exchange, const QUrl &url, bool anyAnswer,
                              const TlsSettings &tls)
{
    const auto outcome = exchange.outcome();
    if (!outcome)
        return tl::make_unexpected(
            CloudError{CloudError::Kind::Unavailable,
                       0,
                       {outcome.error(), shown(url),
                        url.scheme() == "https"_L1 ? tls.remedyFor(outcome.error()) : QString()},
                       {}});
    return anyAnswer ? judgeStatus(*outcome, shown(url)) : judge(*outcome, shown(url));
}

/// A line break in a header would start another header.
bool fitsIntoHeader(const QString &token)
{
    return !token.isEmpty() &&
           std::all_of(token.cbegin(), token.cend(), [](QChar c) { return c > u' ' && c < u'\x7f'; });
}

CloudError unusableToken(const QUrl &url)
{
    return {CloudError::Kind::Unauthorized,
            0,
            {u"the API token is empty or holds blanks, line breaks or other characters no token has"_s,
             shown(url), u"Check CYBERWAVE_API_TOKEN, or log in again."_s},
            {}};
}

} // namespace

RestClient::RestClient(RestSettings settings, QObject *parent)
    : QObject(parent),
      m_settings(std::move(settings))
{
    m_network.setRedirectPolicy(QNetworkRequest::ManualRedirectPolicy);
}

void RestClient::post(const QString &path, const QUrlQuery &query, const QJsonObject &body, QObject *context,
                      Done done)
{
    send({.path = path, .query = query, .body = body}, context, std::move(done));
}

void RestClient::send(const RestRequest &request, QObject *context, Done done)
{
    const QUrl url = urlOf(request.path, request.query);
    if (!fitsIntoHeader(m_settings.token)) {
        callLater(context, std::move(done), tl::make_unexpected(unusableToken(url)));
        return;
    }
    if (const auto tls = readTlsFiles(); !tls) {
        callLater(context, std::move(done),
                  tl::make_unexpected(CloudError{CloudError::Kind::Unavailable, 0, tls.error(), {}}));
        return;
    }
    QNetworkReply *reply = start(request, url);
    connect(reply, &QNetworkReply::socketStartedConnecting, this, [this] { m_isNewConnection = true; });
    connect(reply, &QNetworkReply::requestSent, this, [this, url] {
        if (std::exchange(m_isNewConnection, false))
            rawsocket::sendPromptly(static_cast<quint16>(url.port(url.scheme() == "https"_L1 ? 443 : 80)));
    });
    auto *exchange = new HttpExchange(reply, m_settings.timeout * deadlineInTimeouts);
    connect(exchange, &HttpExchange::finished, context,
            [this, exchange, url, context, anyAnswer = request.anyAnswer, done = std::move(done)] {
                callLater(context, done, withoutToken(read(*exchange, url, anyAnswer, m_settings.tls)));
            });
}

QNetworkReply *RestClient::start(const RestRequest &request, const QUrl &url)
{
    if (request.method == RestRequest::Method::Get)
        return m_network.get(requestFor(url));
    auto *data = new OneTimeBody(QJsonDocument(request.body).toJson(QJsonDocument::Compact));
    QNetworkReply *reply = request.method == RestRequest::Method::Put ? m_network.put(requestFor(url), data)
                                                                      : m_network.post(requestFor(url), data);
    data->setParent(reply);
    return reply;
}

/// Once, if they are of use; else each time, as somebody may have mended them.
Result<void> RestClient::readTlsFiles()
{
    if (m_tls || m_settings.apiUrl.scheme() != "https"_L1)
        return {};
    return m_settings.tls.configuration().map([this](const QSslConfiguration &read) { m_tls = read; });
}

/// Not from within the reply's own signal: `done` may destroy us, and the reply with us.
void RestClient::callLater(QObject *context, Done done, CloudResult<QJsonObject> result)
{
    const auto call = [self = QPointer(this), done = std::move(done), result = std::move(result)] {
        if (self)
            done(result);
    };
    QMetaObject::invokeMethod(context, call, Qt::QueuedConnection);
}

QUrl RestClient::urlOf(const QString &path, const QUrlQuery &query) const
{
    QUrl url = m_settings.apiUrl;
    QString base = url.path(QUrl::FullyEncoded);
    while (base.endsWith(u'/'))
        base.chop(1);
    url.setPath(base + path, QUrl::TolerantMode);
    url.setQuery(query);
    url.setFragment({});
    return url;
}

QNetworkRequest RestClient::requestFor(const QUrl &url) const
{
    QNetworkRequest request(url);
    if (m_tls)
        request.setSslConfiguration(*m_tls);
    request.setRawHeader("Authorization", "Token " + m_settings.token.toLatin1());
    request.setRawHeader("Content-Type", "application/json");
    request.setRawHeader("Accept", "application/json");
    request.setRawHeader("Accept-Encoding", "identity"); // answers are small, and unpacking has no bound
    request.setRawHeader("User-Agent", "cloudnode/" + QCoreApplication::applicationVersion().toLatin1());
    request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    request.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    request.setTransferTimeout(static_cast<int>(m_settings.timeout.count()));
    return request;
}

CloudResult<QJsonObject> RestClient::withoutToken(CloudResult<QJsonObject> result) const
{
    if (!result) {
        Error &error = result.error().error;
        for (QString *text : {&error.what, &error.where, &error.remedy})
            text->replace(m_settings.token, u"[token]"_s);
    }
    return result;
}

} // namespace cloudnode
