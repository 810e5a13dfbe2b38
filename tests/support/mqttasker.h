#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QList>
#include <QMqttClient>
#include <QMqttPublishProperties>

namespace cloudnode::test {

/// Asks a backend over MQTT 5 request/response with nothing but a client, and keeps what comes back. It can
/// ask as wrongly as a test likes.
class MqttAsker final : public QObject {
    Q_OBJECT

public:
    struct Answer {
        QByteArray payload;
        QByteArray correlation;
    };
    /// What goes with a request besides topic and payload.
    struct Envelope {
        QString token = QStringLiteral("sandbox-token");
        QString responseTopic;  ///< empty: the right one
        QByteArray correlation; ///< empty: 16 bytes of its own
        quint8 qos = 1;
        bool retained = false;
        bool withoutResponseTopic = false;
        QMqttUserProperties userProperties = {}; ///< none: the token
    };

    /// `prefix` is that of the topics.
    explicit MqttAsker(quint16 brokerPort, const QString &prefix = {});

    /// Connects, and waits until answers can come.
    bool start();

    /// Publishes below prefix + "cyberwave/". The correlation data that an answer should bring.
    QByteArray publish(const QString &topic, const QByteArray &payload, const Envelope &envelope);
    /// Asks rightly, and waits for the answer; empty if none came or it is no JSON object.
    QJsonObject ask(const QString &topic, const QJsonObject &body);
    /// As `ask`, wrongly.
    QJsonObject ask(const QString &topic, const QByteArray &payload, const Envelope &envelope);

    const QList<Answer> &answers() const { return m_answers; }
    /// Waits for the answer of that correlation.
    bool waitFor(const QByteArray &correlation) const;
    QString responseTopic() const;

private:
    const Answer *find(const QByteArray &correlation) const;

    QString m_prefix;
    QMqttClient m_client;
    QList<Answer> m_answers;
    bool m_listening = false;
};

} // namespace cloudnode::test
