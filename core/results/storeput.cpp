#include "results/storeput.h"

#include <QCoreApplication>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

using Kind = StoreVerdict::Kind;

constexpr qint64 mostSaid = 4096;          // bytes of an answer that are kept
constexpr qint64 answerBuffer = 64 * 1024; // bytes of it that may wait to be read

} // namespace

StorePut::StorePut(QNetworkAccessManager &network, StoreRequest request, QObject *parent)
    : QObject(parent),
      m_network(network),
      m_request(std::move(request)),
      m_sent(m_request.file)
{
}

void StorePut::start()
{
    auto opened = m_request.from.open(m_request.file);
    if (opened)
        send(std::move(*opened));
    else
        emit ended({Kind::Unreadable, opened.error(), {}});
}

void StorePut::send(ResultFiles::Opened opened)
{
    m_sent = opened.is;
    m_body = new OneTimeFile(std::move(opened.file), m_sent.size);
    m_reply = m_network.put(request(), m_body);
    m_body->setParent(m_reply);
    m_reply->setReadBufferSize(answerBuffer);
    connect(m_reply, &QNetworkReply::uploadProgress, this,
            [this](qint64 sent, qint64) { emit progressed(sent); });
    connect(m_reply, &QNetworkReply::readyRead, this, &StorePut::take);
    connect(m_reply, &QNetworkReply::finished, this, &StorePut::finish);
}

QNetworkRequest StorePut::request() const
{
    QNetworkRequest request(m_request.url);
    request.setSslConfiguration(m_request.tls);
    request.setRawHeader("Content-Type", "application/octet-stream");
    request.setHeader(QNetworkRequest::ContentLengthHeader, m_sent.size);
    request.setRawHeader("Accept-Encoding", "identity"); // unpacking has no bound
    request.setRawHeader("User-Agent", "cloudnode/" + QCoreApplication::applicationVersion().toLatin1());
    request.setAttribute(QNetworkRequest::RedirectPolicyAttribute, QNetworkRequest::ManualRedirectPolicy);
    request.setAttribute(QNetworkRequest::Http2AllowedAttribute, false);
    request.setAttribute(QNetworkRequest::AuthenticationReuseAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CookieLoadControlAttribute, QNetworkRequest::Manual);
    request.setAttribute(QNetworkRequest::CookieSaveControlAttribute, QNetworkRequest::Manual);
    request.setTransferTimeout(static_cast<int>(m_request.patience.count()));
    return request;
}

void StorePut::take()
{
    if (m_reply->bytesAvailable() <= 0) // one that was broken off is closed, too
        return;
    const QByteArray piece = m_reply->read(answerBuffer);
    m_said += piece.left(mostSaid - m_said.size());
}

void StorePut::finish()
{
    take();
    m_reply->deleteLater();
    emit ended(verdict());
}

StoreVerdict StorePut::verdict() const
{
    if (m_body->ranShort() || ResultFiles::current(m_sent, m_body->file()) != m_sent)
        return {Kind::Torn, {u"it was written to while it was uploaded"_s, m_sent.name, {}}, {}};
    const int status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (status == 0)
        return transportVerdict();
    return verdictOf(status, m_said, m_reply->rawHeader("Retry-After"), m_request.url.host());
}

/// Without the URL, which Qt's own words may quote.
StoreVerdict StorePut::transportVerdict() const
{
    QString what;
    switch (m_reply->error()) {
    case QNetworkReply::OperationCanceledError: // what a transfer timeout ends with
        what = u"nothing has moved on the way to the store for %1 s"_s.arg(m_request.patience.count() / 1000);
        break;
    case QNetworkReply::RemoteHostClosedError:
    case QNetworkReply::ContentReSendError: // it would have been sent again, see OneTimeBody
        what = u"the store closed the connection before it had answered"_s;
        break;
    case QNetworkReply::HostNotFoundError:
        what = u"the store's host is not found"_s;
        break;
    case QNetworkReply::ConnectionRefusedError:
        what = u"the store cannot be reached: connection refused"_s;
        break;
    case QNetworkReply::SslHandshakeFailedError:
        what = u"the store's certificate is not trusted, or no secure connection can be made"_s;
        break;
    default:
        what = u"the store cannot be reached (network error %1)"_s.arg(m_reply->error());
    }
    return {Kind::Passing, {what, m_request.url.host(), {}}, {}};
}

} // namespace cloudnode
