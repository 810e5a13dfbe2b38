#include "sandbox/restserver.h"

#include <QHttpServerRequest>
#include <QMetaEnum>
#include <QTcpSocket>
#include <QTimer>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::sandbox {

namespace {

Request received(const QHttpServerRequest &request)
{
    const char *method = QMetaEnum::fromType<QHttpServerRequest::Method>().valueToKey(int(request.method()));
    return {QByteArray(method).toUpper(), request.url().path(QUrl::FullyEncoded), request.query(),
            request.headers(), request.body()};
}

void send(const HttpReply &reply, QTcpSocket *socket)
{
    const QByteArray wire = reply.toWire();
    if (reply.delivery == HttpReply::Delivery::Never)
        return;
    if (reply.delivery == HttpReply::Delivery::Whole) {
        socket->write(wire);
        return;
    }
    socket->write(wire.chopped(reply.body.size() / 2));
    socket->disconnectFromHost();
}

} // namespace

RestServer::RestServer(RestApi &api, AdminApi &admin, QObject *parent)
    : QAbstractHttpServer(parent),
      m_api(api),
      m_admin(admin)
{
}

Result<void> RestServer::useTls(const TlsFiles &files)
{
    if (!files.inUse())
        return {};
    return files.configuration().map([this](const QSslConfiguration &tls) { sslSetup(tls); });
}

Result<quint16> RestServer::open(quint16 port)
{
    const quint16 taken = listen(QHostAddress::LocalHost, port);
    if (taken == 0)
        return fail(u"cannot listen there; the port may be in use"_s, u"127.0.0.1:%1"_s.arg(port),
                    u"Choose another with --port, or 0 for a free one."_s);
    return taken;
}

bool RestServer::handleRequest(const QHttpServerRequest &request, QTcpSocket *socket)
{
    const Request asked = received(request);
    const HttpReply reply = AdminApi::isForAdmin(asked) ? m_admin.answer(asked) : m_api.answer(asked);
    if (reply.delay.count() == 0)
        send(reply, socket);
    else
        QTimer::singleShot(reply.delay, socket, [reply, socket] { send(reply, socket); });
    return true;
}

void RestServer::missingHandler(const QHttpServerRequest &request, QTcpSocket *socket)
{
    handleRequest(request, socket);
}

} // namespace cloudnode::sandbox
