#pragma once

#include "sandbox/incomingfile.h"
#include "sandbox/store.h"

#include <QTcpSocket>
#include <QTimer>

namespace cloudnode::sandbox {

/// One connection to the store: takes request after request, each body piece by piece, so that memory does
/// not grow with the files. A body is read to its end even if the answer is known before; many clients would
/// not see an answer that comes earlier. It belongs to its socket and goes with it.
class StoreConnection final : public QObject {
    Q_OBJECT

public:
    StoreConnection(QTcpSocket *socket, Store &store);

private:
    void read();
    bool readHead();
    bool readBody();
    void begin(const HttpHead &head);
    void end();
    void cut();
    /// What comes after that cannot be understood, or cannot be kept.
    void close(HttpReply last);
    void answer(const HttpReply &reply);
    void ended();

    enum class Expected { Head, Body, Nothing };

    QTcpSocket *m_socket;
    Store &m_store;
    QTimer m_tick; ///< of a connection that takes only so much a second
    Expected m_expected = Expected::Head;
    Store::Delivery m_delivery;
    std::unique_ptr<IncomingFile> m_file; ///< the one that is coming in
    qint64 m_missing = 0;                 ///< bytes of it
};

} // namespace cloudnode::sandbox
