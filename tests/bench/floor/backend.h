#pragma once

#include <QByteArrayList>
#include <QJsonObject>
#include <QNetworkAccessManager>
#include <QUrl>

#include <optional>

namespace cloudnode::bench {

/// Calls of the REST API with nothing around them.
class Backend {
public:
    Backend(QUrl apiUrl, QString token) : m_apiUrl(std::move(apiUrl)), m_token(std::move(token)) {}

    /// `path` is below that of the API's cloud nodes and begins with a slash, or is empty. None unless the
    /// answer is 200.
    std::optional<QJsonObject> post(const QString &path, const QJsonObject &body);
    /// Sends all of them, so many at once. False if one was not taken.
    bool postAll(const QString &path, const QByteArrayList &bodies, int atOnce);
    /// Makes an instance known to it, as a node does that is new. None if it would not.
    std::optional<QString> registerInstance();

private:
    QNetworkReply *send(const QString &path, const QByteArray &body);

    QUrl m_apiUrl;
    QString m_token;
    QNetworkAccessManager m_network;
};

} // namespace cloudnode::bench
