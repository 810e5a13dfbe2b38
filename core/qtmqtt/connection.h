#pragma once

#include "connectattempt.h"
#include "connectsettings.h"
#include "mosquittohandle.h"

#include <QElapsedTimer>
#include <QObject>
#include <QSocketNotifier>
#include <QSslConfiguration>
#include <QTimer>

#include <chrono>
#include <deque>
#include <functional>
#include <memory>
#include <optional>

namespace cloudnode::qtmqtt {

/// One connection to a broker, from the name lookup to its end; the next connection is another object.
/// It drives libmosquitto from the event loop and forgets everything unacknowledged when it ends.
///
/// Signals come from the event loop only, never from within a function called here. A receiver may call
/// close() and deleteLater() at any time.
class Connection final : public QObject {
    Q_OBJECT

public:
    explicit Connection(const ConnectSettings &settings);
    ~Connection() override;

    /// answered() and ended() tell what comes of it. Without `tls`, in the clear.
    void open(const std::optional<QSslConfiguration> &tls);
    /// Says goodbye if the network takes it at once. Nothing is signalled any more.
    void close();

    // Each gives the id under which the broker's answer will come, or none if it cannot be sent.
    std::optional<int> publish(const QString &topic, const QByteArray &payload, quint8 qos, bool retain,
                               const QMqttPublishProperties &properties);
    std::optional<int> subscribe(const QString &filter, quint8 qos);
    std::optional<int> unsubscribe(const QString &filter);

signals:
    /// The broker's answer to our wish to connect; ended() follows if it is a refusal.
    void answered(bool accepted, bool sessionPresent, const QMqttServerConnectionProperties &properties,
                  const QString &assignedClientId);
    /// Once, and last. `text` may be empty.
    void ended(QMqttClient::ClientError error, const QString &text);
    void arrived(const QMqttMessage &message);
    /// The broker has a message of QoS 1 or 2, or refuses it. With QoS 0: it has been handed to the system.
    void published(int id, const QMqttMessageStatusProperties &properties);
    void subscribed(int id, QMqtt::ReasonCode code, const QString &reason,
                    const QMqttUserProperties &properties);
    void unsubscribed(int id);

private:
    struct Callbacks; // what libmosquitto calls

    bool makeClient(const std::optional<QSslConfiguration> &tls);
    bool makeWill();
    bool applyTls(const QSslConfiguration &tls);
    void sayGoodbye();
    void reached(Reached reached);
    void readable();
    void writable();
    void checkKeepAlive();
    /// Sends what waits for it now, not when the event loop comes to it.
    void flush();
    /// After every call that may have moved packets: notices the end, signals what happened, resumes writing.
    void settle(int result);
    void noteResult(int result);
    void dispatch();
    void dispatchLater();
    void endLater(QMqttClient::ClientError error, const QString &text);
    void queueEnd(int result);
    void updateWriting();

    ConnectSettings m_settings;
    std::unique_ptr<ConnectAttempt> m_attempt;
    MosquittoHandle m_client;
    std::unique_ptr<QSocketNotifier> m_readable; // needs m_client's socket
    std::unique_ptr<QSocketNotifier> m_writable; // needs m_client's socket
    QTimer m_keepAliveTimer;
    std::chrono::seconds m_keepAlive{0};
    QElapsedTimer m_lastRead;
    QElapsedTimer m_lastWrite;
    /// What libmosquitto reported in its callbacks, where none of its functions may be called.
    std::deque<std::function<void()>> m_events;
    bool m_dispatching = false;
    bool m_accepted = false;
    bool m_endQueued = false;
    QMqttClient::ClientError m_refusal = QMqttClient::NoError;
    QString m_lastProblem; ///< libmosquitto's last words about an error
};

} // namespace cloudnode::qtmqtt
