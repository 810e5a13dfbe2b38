#pragma once

#include "cloud/controlplane.h"

#include <QHash>
#include <QPointer>
#include <QTimer>

#include <memory>

namespace cloudnode {

class CommandLink;

/// A question to the backend.
struct MqttRequest {
    QString topic; ///< may hold the token: never shown. Empty: what it would name cannot stand in a topic
    QJsonObject payload;
    QString what; ///< what is asked for, for people
    std::chrono::milliseconds limit{30'000};
    bool successMayBeMissing = false; ///< from an answer
};

/// Asks the backend over MQTT 5 and pairs each answer with its question: response topic, correlation data,
/// and the token as a user property. Questions wait for a connection as long as their limit lets them; what
/// was on its way when the connection broke has failed. Late, unmatched and repeated answers are dropped.
/// Source: WIRE contract, "Mechanism".
class MqttRequests final : public QObject {
    Q_OBJECT

public:
    using Done = std::function<void(const CloudResult<QJsonObject> &)>;

    static constexpr qsizetype capacity = 256; ///< questions at once; one more fails at once

    /// `answersPrefix`: see CommandLink::takeAnswersAt(). The link must outlive this.
    MqttRequests(CommandLink &link, const QString &answersPrefix, QString token, QObject *parent = nullptr);

    /// `done` runs once, later, from the event loop, unless `context` or this has been destroyed by then.
    /// Errors hold no token. Unauthorized: also that the broker has never let us in and goes on refusing our
    /// user name and password.
    void send(const MqttRequest &request, QObject *context, Done done);
    qsizetype pending() const { return static_cast<qsizetype>(m_pending.size()); }

private:
    struct Pending {
        MqttRequest request;
        QPointer<QObject> context;
        Done done;
        std::optional<qint32> ticket; ///< it is on its way
        std::unique_ptr<QTimer> limit;
    };

    void publish(const QByteArray &correlation);
    void publishWaiting();
    void answer(const QByteArray &correlation, const QByteArray &payload);
    void failUnderWay(const Error &reason);
    void refuse(qint32 ticket);
    void expire(const QByteArray &correlation);
    void settle(const QByteArray &correlation, const CloudResult<QJsonObject> &result);
    void callLater(QObject *context, Done done, CloudResult<QJsonObject> result);

    CommandLink &m_link;
    QString m_token;
    QHash<QByteArray, std::shared_ptr<Pending>> m_pending; ///< by correlation data
    Error m_lastDown;                                      ///< why there was no connection, the last time
    bool m_everConnected = false;
};

} // namespace cloudnode
