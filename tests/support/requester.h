#pragma once

#include <QJsonObject>
#include <QList>
#include <QMqttClient>
#include <QObject>

namespace cloudnode {

/// Sends commands to nodes over a broker and keeps every response, as the cloud would. For tests.
class Requester : public QObject {
    Q_OBJECT

public:
    /// `prefix` is the topics' environment prefix.
    explicit Requester(quint16 brokerPort, const QString &prefix = {});

    /// Connects and listens; again and again, so that a broker may go and come. Waits for the first time.
    bool start();

    /// `target` is a slug or a uuid.
    void send(const QString &target, const QString &command, const QJsonValue &requestId,
              const QJsonValue &params = QJsonObject());
    void sendRaw(const QString &target, const QByteArray &payload);

    /// In the order they came.
    const QList<QJsonObject> &all() const { return m_responses; }
    QList<QJsonObject> to(const QString &requestId) const;
    /// Those of them after which nothing more should come.
    QList<QJsonObject> finals(const QString &requestId) const;
    QJsonObject final(const QString &requestId) const { return finals(requestId).value(0); }
    QJsonObject acknowledgement(const QString &requestId) const;
    bool isListening() const { return m_listening; }

private:
    void connectToBroker();

    QString m_prefix;
    QMqttClient m_client;
    QList<QJsonObject> m_responses;
    bool m_listening = false;
};

} // namespace cloudnode
