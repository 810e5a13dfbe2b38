#pragma once

#include "platform/resultfiles.h"
#include "results/onetimefile.h"
#include "results/storeverdict.h"

#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QSslConfiguration>
#include <QUrl>

#include <chrono>

namespace cloudnode {

/// One file that is to be put somewhere.
struct StoreRequest {
    ResultFiles from;
    ResultFile file;
    QUrl url; ///< holds a signature: never to be shown
    QSslConfiguration tls;
    std::chrono::milliseconds patience; ///< for how long nothing may move
};

/// Puts one file into the store, streamed from the disk, with one request that is never repeated. Redirects
/// are not followed, and nothing is sent but the file.
class StorePut final : public QObject {
    Q_OBJECT

public:
    StorePut(QNetworkAccessManager &network, StoreRequest request, QObject *parent = nullptr);

    /// ended() follows, perhaps at once.
    void start();
    /// The file as it was handed over. Before ended() it says nothing.
    const ResultFile &file() const { return m_sent; }

signals:
    void progressed(qint64 bytes); ///< of the file, handed over so far
    void ended(const cloudnode::StoreVerdict &verdict);

private:
    void send(ResultFiles::Opened opened);
    void take();
    void finish();
    StoreVerdict verdict() const;
    StoreVerdict transportVerdict() const;
    QNetworkRequest request() const;

    QNetworkAccessManager &m_network;
    StoreRequest m_request;
    ResultFile m_sent;
    OneTimeFile *m_body = nullptr;    ///< the reply's
    QNetworkReply *m_reply = nullptr; ///< the network's
    QByteArray m_said;                ///< the beginning of the answer
};

} // namespace cloudnode
