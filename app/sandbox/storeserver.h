#pragma once

#include "sandbox/store.h"
#include "sandbox/tlsfiles.h"

#include <QTcpServer>

#include <memory>

namespace cloudnode::sandbox {

/// The door of the store of result files: a port of its own, where HTTP/1.1 comes in as it comes.
class StoreServer final : public QObject {
    Q_OBJECT

public:
    explicit StoreServer(Store &store, QObject *parent = nullptr);

    /// Listens on a free port of loopback, with TLS if there are files for it. Where that is, or why not.
    Result<QUrl> open(const TlsFiles &tls);

private:
    Store &m_store;
    std::unique_ptr<QTcpServer> m_server;
};

} // namespace cloudnode::sandbox
