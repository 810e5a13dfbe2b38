#pragma once

#include "sandbox/adminapi.h"
#include "sandbox/restapi.h"
#include "sandbox/tlsfiles.h"

#include <QAbstractHttpServer>

namespace cloudnode::sandbox {

/// Brings requests from the network to the two APIs and their replies back. It understands neither.
class RestServer final : public QAbstractHttpServer {
    Q_OBJECT

public:
    RestServer(RestApi &api, AdminApi &admin, QObject *parent = nullptr);

    /// Speaks TLS from now on, if there are files for it. Errors: which of them cannot be used.
    Result<void> useTls(const TlsFiles &files);
    /// Listens on loopback; 0 chooses a free port. The port, or why not.
    Result<quint16> open(quint16 port);

protected:
    bool handleRequest(const QHttpServerRequest &request, QTcpSocket *socket) override;
    void missingHandler(const QHttpServerRequest &request, QTcpSocket *socket) override;

private:
    RestApi &m_api;
    AdminApi &m_admin;
};

} // namespace cloudnode::sandbox
