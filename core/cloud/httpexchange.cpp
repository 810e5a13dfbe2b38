#include "cloud/httpexchange.h"

#include <QTimer>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

/// Errors of the way there and back. The others only repeat the HTTP status.
bool isTransportError(QNetworkReply::NetworkError error)
{
    const bool network = error > QNetworkReply::NoError && error <= QNetworkReply::UnknownNetworkError;
    const bool notHttp =
        error == QNetworkReply::ProtocolUnknownError || error == QNetworkReply::ProtocolFailure;
    return network || notHttp;
}

} // namespace

HttpExchange::HttpExchange(QNetworkReply *reply, std::chrono::milliseconds deadline)
    : QObject(reply),
      m_reply(reply)
{
    connect(reply, &QNetworkReply::readyRead, this, &HttpExchange::take);
    connect(reply, &QNetworkReply::finished, this, &HttpExchange::finish);
    QTimer::singleShot(deadline, this, [this] {
        if (!m_reply->isFinished())
            giveUp(u"the backend's answer took too long"_s);
    });
}

void HttpExchange::take()
{
    if (m_reply->bytesAvailable() <= 0 || !m_gaveUp.isEmpty())
        return;
    m_body += m_reply->read(largestBody + 1 - m_body.size());
    if (m_body.size() > largestBody)
        giveUp(u"the backend's answer is larger than %1 bytes"_s.arg(largestBody));
}

void HttpExchange::giveUp(const QString &why)
{
    m_gaveUp = why;
    m_reply->abort(); // finish() follows at once
}

void HttpExchange::finish()
{
    take();
    emit finished();
    m_reply->deleteLater();
}

tl::expected<HttpAnswer, QString> HttpExchange::outcome() const
{
    if (!m_gaveUp.isEmpty())
        return tl::make_unexpected(m_gaveUp);
    const int status = m_reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    if (status == 0 || isTransportError(m_reply->error()))
        return tl::make_unexpected(transportProblem());
    return HttpAnswer{status, m_body, m_reply->rawHeader("Retry-After"), m_reply->rawHeader("Location")};
}

QString HttpExchange::transportProblem() const
{
    switch (m_reply->error()) {
    case QNetworkReply::OperationCanceledError: // what a transfer timeout ends with
        return u"the backend does not answer"_s;
    case QNetworkReply::RemoteHostClosedError:
    case QNetworkReply::ContentReSendError: // it would have been sent again, see OneTimeBody
        return u"the connection was closed before the answer was complete"_s;
    default:
        return u"the backend cannot be reached: "_s + m_reply->errorString();
    }
}

} // namespace cloudnode
