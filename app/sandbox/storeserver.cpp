#include "sandbox/storeserver.h"

#include "sandbox/storeconnection.h"

#include <QSslServer>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::sandbox {

namespace {

/// Whoever has a signed URL may come in: nobody is asked for a certificate.
Result<std::unique_ptr<QTcpServer>> serverFor(const TlsFiles &files)
{
    if (!files.inUse())
        return std::make_unique<QTcpServer>();
    return TlsFiles{files.certificate, files.key, {}}.configuration().map(
        [](const QSslConfiguration &tls) -> std::unique_ptr<QTcpServer> {
            auto server = std::make_unique<QSslServer>();
            server->setSslConfiguration(tls);
            return server;
        });
}

} // namespace

StoreServer::StoreServer(Store &store, QObject *parent) : QObject(parent), m_store(store) {}

Result<QUrl> StoreServer::open(const TlsFiles &tls)
{
    auto server = serverFor(tls);
    if (!server)
        return tl::make_unexpected(server.error());
    m_server = std::move(*server);
    connect(m_server.get(), &QTcpServer::pendingConnectionAvailable, this, [this] {
        while (QTcpSocket *socket = m_server->nextPendingConnection())
            new StoreConnection(socket, m_store); // the socket's
    });
    if (!m_server->listen(QHostAddress::LocalHost))
        return fail(u"the store cannot listen: "_s + m_server->errorString(), u"127.0.0.1"_s);
    QUrl url;
    url.setScheme(tls.inUse() ? u"https"_s : u"http"_s);
    url.setHost(u"127.0.0.1"_s);
    url.setPort(m_server->serverPort());
    return url;
}

} // namespace cloudnode::sandbox
