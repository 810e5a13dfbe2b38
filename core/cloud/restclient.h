#pragma once

#include "cloud/controlplane.h"
#include "cloud/tlssettings.h"

#include <QJsonObject>
#include <QNetworkAccessManager>
#include <QUrl>
#include <QUrlQuery>

namespace cloudnode {

/// Where the backend's REST API is and how to come in.
struct RestSettings {
    QUrl apiUrl;     ///< http or https; a path in it is kept in front of every endpoint's
    QString token;   ///< travels in the Authorization header and nowhere else
    TlsSettings tls; ///< counts with https; read once
    /// How long nothing may move on a connection, from looking up the name to the last byte. A whole request
    /// may take four times as long.
    std::chrono::milliseconds timeout{30'000};
};

/// One call of the REST API.
struct RestRequest {
    enum class Method { Get, Post, Put };
    Method method = Method::Post;
    QString path; ///< percent-encoded, starts with a slash
    QUrlQuery query;
    QJsonObject body; ///< not sent with Get
    /// Any 2xx will do, whatever it says: an answer that is no JSON object counts as an empty one.
    bool anyAnswer = false;
};

/// Sends JSON objects to the backend and judges what comes back. It knows no endpoint.
/// Redirects are not followed, nothing is sent twice, certificates are verified.
class RestClient final : public QObject {
    Q_OBJECT

public:
    using Done = std::function<void(const CloudResult<QJsonObject> &)>;

    explicit RestClient(RestSettings settings, QObject *parent = nullptr);

    /// `done` runs once, later, from the event loop, unless `context` or this client has been destroyed by
    /// then; it may destroy either. Errors hold no token, even if the backend repeats it.
    void send(const RestRequest &request, QObject *context, Done done);
    /// The most frequent of them.
    void post(const QString &path, const QUrlQuery &query, const QJsonObject &body, QObject *context,
              Done done);

private:
    QNetworkReply *start(const RestRequest &request, const QUrl &url);
    Result<void> readTlsFiles();
    void callLater(QObject *context, Done done, CloudResult<QJsonObject> result);
    QUrl urlOf(const QString &path, const QUrlQuery &query) const;
    QNetworkRequest requestFor(const QUrl &url) const;
    CloudResult<QJsonObject> withoutToken(CloudResult<QJsonObject> result) const;

    RestSettings m_settings;
    std::optional<QSslConfiguration> m_tls; ///< none before it is needed: loading the library takes its time
    bool m_isNewConnection = false;         ///< it has yet to be told to send promptly
    QNetworkAccessManager m_network;        // replies belong to it
};

} // namespace cloudnode
