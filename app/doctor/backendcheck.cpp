#include "doctor/backendcheck.h"

#include "cloud/tlssettings.h"

#include <QLocale>
#include <QUrlQuery>

#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

constexpr qint64 largestSkew = 30; // seconds; beyond, certificates and logs begin to lie

bool isRefusal(int status)
{
    return status == 401 || status == 403;
}

Finding noToken()
{
    return Finding::problem(u"token"_s, u"there is none"_s,
                            u"Set CYBERWAVE_API_TOKEN, or run `cyberwave login`."_s);
}

} // namespace

BackendCheck::BackendCheck(const NodeConfig &config) : Check(u"backend"_s), m_config(config) {}

QNetworkRequest BackendCheck::request() const
{
    QUrl url = m_config.apiUrl;
    QString base = url.path(QUrl::FullyEncoded);
    while (base.endsWith(u'/'))
        base.chop(1);
    url.setPath(base + u"/api/v1/cloud-node/instances"_s, QUrl::TolerantMode);
    QUrlQuery query;
    if (!m_config.workspaceSlug.isEmpty())
        query.addQueryItem(u"workspace_slug"_s,
                           QString::fromLatin1(m_config.workspaceSlug.toUtf8().toPercentEncoding()));
    url.setQuery(query);
    QNetworkRequest request(url);
    if (!m_config.apiToken.isEmpty())
        request.setRawHeader("Authorization", "Token " + m_config.apiToken.toLatin1());
    request.setRawHeader("Accept", "application/json");
    request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    return request;
}

/// The headers are enough: how many instances there are is of no interest.
void BackendCheck::look()
{
    QNetworkRequest asked = request();
    if (const auto tls = TlsSettings::ofBackend(m_config).configuration()) {
        asked.setSslConfiguration(*tls);
    } else {
        fail(Error{tls.error().what, tls.error().where, {}}.text(), tls.error().remedy);
        return;
    }
    QNetworkReply *reply = m_network.get(asked);
    connect(reply, &QNetworkReply::metaDataChanged, this, [this, reply] { judge(*reply); });
    connect(reply, &QNetworkReply::finished, this, [this, reply] { judge(*reply); });
}

void BackendCheck::judge(const QNetworkReply &reply)
{
    const int status = reply.attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (status != 0) {
        conclude({reachability(status), token(status), clock(reply.rawHeader("Date"))});
        return;
    }
    QString text = host() + u": "_s + reply.errorString();
    if (!m_config.apiToken.isEmpty())
        text.replace(m_config.apiToken, u"[token]"_s);
    const bool tls = reply.error() == QNetworkReply::SslHandshakeFailedError;
    const QString known =
        m_config.apiUrl.scheme() == "https"_L1 ? TlsSettings::ofBackend(m_config).remedyFor(text) : QString();
    if (!known.isEmpty())
        fail(text, known);
    else
        fail(text, tls ? u"Check this computer's clock and certificates, and the API URL."_s
                       : u"Check the API URL, and this computer's network and proxy."_s);
}

void BackendCheck::fail(const QString &reason, const QString &remedy)
{
    conclude({Finding::problem(subject(), reason, remedy),
              m_config.apiToken.isEmpty()
                  ? noToken()
                  : Finding::note(u"token"_s, u"not checked: the backend does not answer"_s),
              Finding::note(u"clock"_s, u"not checked: the backend does not answer"_s)});
}

QString BackendCheck::host() const
{
    return m_config.apiUrl.toString(QUrl::RemoveUserInfo);
}

Finding BackendCheck::reachability(int status) const
{
    if (status < 300 || isRefusal(status))
        return Finding::ok(subject(), host() + u" answers"_s);
    const QString text = u"%1 answers with status %2"_s.arg(host()).arg(status);
    if (status >= 500 || status == 429)
        return Finding::problem(subject(), text, u"The backend has a problem of its own; try again later."_s);
    return Finding::problem(subject(), text, u"Check the API URL: this does not look like the backend."_s);
}

Finding BackendCheck::token(int status) const
{
    const QString name = u"token"_s;
    if (m_config.apiToken.isEmpty())
        return noToken();
    if (isRefusal(status))
        return Finding::problem(name, u"the backend does not accept it (status %1)"_s.arg(status),
                                u"Make a new one in your Cyberwave account, or run `cyberwave login`."_s);
    if (status >= 300)
        return Finding::note(name, u"not checked: the backend did not say"_s);
    return Finding::ok(name, u"accepted"_s);
}

Finding BackendCheck::clock(const QByteArray &date) const
{
    const QString name = u"clock"_s;
    QDateTime theirs = QLocale::c().toDateTime(QString::fromLatin1(date.trimmed()),
                                               u"ddd, dd MMM yyyy hh:mm:ss 'GMT'"_s); // RFC 9110, 5.6.7
    if (!theirs.isValid())
        return Finding::note(name, u"not checked: the backend does not tell its time"_s);
    theirs.setTimeSpec(Qt::UTC);
    const qint64 ahead = theirs.secsTo(QDateTime::currentDateTimeUtc());
    if (std::abs(ahead) <= largestSkew)
        return Finding::ok(name, u"agrees with the backend's"_s);
    return Finding::problem(
        name, u"%1 s %2 the backend's"_s.arg(std::abs(ahead)).arg(ahead > 0 ? u"ahead of"_s : u"behind"_s),
        u"Let a time service set it, such as systemd-timesyncd or chrony."_s);
}

} // namespace cloudnode
