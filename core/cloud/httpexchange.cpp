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

const QString closedTooEarly = u"the connection was closed before the answer was complete"_s;

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
    if (isCutOff(status))
        return tl::make_unexpected(closedTooEarly);
    return HttpAnswer{status, m_body, m_reply->rawHeader("Retry-After"), m_reply->rawHeader("Location")};
}

/// Qt does not always say so: where the connection ends before Qt has looked at what had come, it reads that
/// yet, status and all, and would ask again; or takes the end of the connection for that of the answer.
bool HttpExchange::isCutOff(int status) const
{
    if (status == 204 || (status >= 300 && status <= 399)) // there is no body, or it does not matter
        return false;
    if (m_reply->error() == QNetworkReply::ContentReSendError)
        return true;
    const QVariant announced = m_reply->header(QNetworkRequest::ContentLengthHeader);
    const bool counts = announced.isValid() && !m_reply->hasRawHeader("Transfer-Encoding"); // RFC 9112, 6.3
    return counts && m_body.size() < announced.toLongLong();
}

QString HttpExchange::transportProblem() const
{
    switch (m_reply->error()) {
    case QNetworkReply::OperationCanceledError: // what a transfer timeout ends with
        return u"the backend does not answer"_s;
    case QNetworkReply::RemoteHostClosedError:
    case QNetworkReply::ContentReSendError: // it would have been sent again, see OneTimeBody
        return closedTooEarly;
    default:
        return u"the backend cannot be reached: "_s + m_reply->errorString();
    }
}

} // namespace cloudnode
