#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QList>
#include <QMqttClient>
#include <QMqttMessage>
#include <QStringList>

#include <functional>
#include <optional>

namespace cloudnode::test {

/// A backend over MQTT 5 that keeps every request it sees and says what the test wants it to say: for answers
/// that no honest one gives. Sees all topics.
class MqttBackend final : public QObject {
    Q_OBJECT

public:
    struct Request {
        QString topic;
        QByteArray payload;
        QString responseTopic;
        QByteArray correlation;
        QList<QMqttStringPair> userProperties;
        quint8 qos = 0;
        bool retained = false;
    };
    /// What to answer; none: nothing.
    using Answers = std::function<std::optional<QJsonObject>(const Request &request)>;

    explicit MqttBackend(quint16 brokerPort);

    /// Connects, and waits until requests can come.
    bool start();
    /// From now on each request is answered so.
    void answerBy(Answers answers) { m_answers = std::move(answers); }
    void answer(const Request &request, const QByteArray &payload);
    /// To where the request wants it, as if to another.
    void answerAs(const QByteArray &correlation, const Request &request, const QByteArray &payload);

    const QList<Request> &requests() const { return m_requests; }
    /// Of those topics that end so.
    QList<Request> requests(const QString &topicEnd) const;
    /// Of every message, request or not.
    const QStringList &topics() const { return m_topics; }
    /// Waits until there are so many requests.
    bool waitForRequests(qsizetype count) const;

private:
    void take(const QMqttMessage &message);

    QMqttClient m_client;
    QStringList m_topics;
    QList<Request> m_requests;
    Answers m_answers;
    bool m_listening = false;
};

} // namespace cloudnode::test
