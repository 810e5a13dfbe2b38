#pragma once

#include "base/error.h"
#include "cloud/tlssettings.h"

#include <QObject>

#include <chrono>
#include <memory>
#include <optional>

namespace cloudnode {

/// Where the broker is and as whom to speak to it.
struct LinkSettings {
    QString host;
    quint16 port = 1883;
    bool useTls = false;
    TlsSettings tls;  ///< counts with useTls
    QString username; ///< sent only together with a password, and the password only with it
    QString password;
    QString clientId; ///< stable, so that the broker keeps one session for this node
    /// Subscribed with QoS 1 after every connect. The first must be granted; a refusal of a later one is a
    /// warning (brokers may allow the instance's topic only).
    QStringList commandTopics;
    QString willTopic; ///< empty: no will
    QByteArray willPayload;
    std::chrono::seconds willDelay{30};
    std::chrono::seconds keepAlive{60};
    std::chrono::seconds sessionExpiry{3600}; ///< how long the broker keeps commands for us
};

/// How patient a link is. The defaults are for real life.
struct LinkPatience {
    std::chrono::milliseconds firstRetry{1000};
    std::chrono::milliseconds longestRetry{60'000};
    std::chrono::milliseconds attemptLimit{10'000}; ///< from the name lookup until subscribed
    /// Up for so long, the next drop starts over with firstRetry. A link that keeps being dropped sooner than
    /// that backs off like one that cannot connect.
    std::chrono::milliseconds stableAfter{30'000};
    /// While messages wait for their acknowledgement and none comes for so long, the line counts as broken:
    /// over MQTT nothing is sent again but on a new one.
    std::chrono::milliseconds acknowledgedWithin{60'000};
};

/// The node's line to the MQTT broker: stays connected for ever, politely, and stays subscribed.
/// It carries bytes; what they mean is not its business. It keeps nothing that the broker has not
/// acknowledged: when the link drops, unacknowledged messages are the caller's to publish again.
class CommandLink : public QObject {
    Q_OBJECT

public:
    explicit CommandLink(QObject *parent = nullptr);
    explicit CommandLink(const LinkPatience &patience, QObject *parent = nullptr);
    /// As close().
    ~CommandLink() override;

    /// Connects, and from then on reconnects until close(). Calling it again changes to new settings; a link
    /// that was up goes down() first.
    void open(const LinkSettings &settings);
    /// Says goodbye to the broker (no will is sent) without waiting for it, and stays closed. No down() is
    /// signalled.
    void close();

    /// Connected and subscribed.
    bool isUp() const;
    /// Connection attempts that failed in a row.
    int failures() const;

    /// Publishes with QoS 1. The ticket comes back in acknowledged(), or never; no two messages of one link
    /// share one. None while the link is down, and, with a warning(), if the message cannot be sent at all.
    std::optional<qint32> publish(const QString &topic, const QByteArray &payload);

signals:
    void up();
    void down(const cloudnode::Error &reason); ///< after up(), and after each failed attempt
    void warning(const cloudnode::Error &problem);
    /// Once for each delivery by the broker, and possibly before up(): the broker first hands over what it
    /// has kept for us. With QoS 1 the same message may be delivered again after a drop.
    void received(const QByteArray &payload, const QString &topic);
    void acknowledged(qint32 ticket); ///< the broker has the message; if it refuses it, warning() instead

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace cloudnode
