#pragma once

#include "base/error.h"
#include "cloud/linksettings.h"

#include <QMap>
#include <QObject>

#include <chrono>
#include <memory>
#include <optional>

namespace cloudnode {

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
    /// that was up, or could carry requests, goes down() first.
    void open(const LinkSettings &settings);
    /// Says goodbye to the broker (no will is sent) without waiting for it, and stays closed. No down() is
    /// signalled.
    void close();

    /// Connected and subscribed.
    bool isUp() const;
    /// open() has been called, and close() not since.
    bool isOpen() const;
    /// Connection attempts that failed in a row.
    int failures() const;
    /// The last of them failed because the broker did not take our user name and password.
    bool isLoginRefused() const;

    /// Publishes with QoS 1. The ticket comes back in acknowledged(), or never; no two messages of one link
    /// share one. None while the link is down, and, with a warning(), if the message cannot be sent at all.
    std::optional<qint32> publish(const QString &topic, const QByteArray &payload);

    /// From now on answers to requests are taken at `prefix` + the client's id: that topic is subscribed to
    /// now and with every connect. A broker that does not grant it is a warning().
    void takeAnswersAt(const QString &prefix);
    /// Connected, and answers would reach us. Independent of isUp(): a link without commands will do.
    bool canRequest() const;
    /// Publishes with QoS 1, with what an answer needs to find us. None: not sent, as with publish(), or
    /// canRequest() is false.
    std::optional<qint32> request(const QString &topic, const QByteArray &payload,
                                  const QByteArray &correlation,
                                  const QMap<QString, QString> &userProperties);

signals:
    void up();
    void down(const cloudnode::Error &reason); ///< after up(), and after each failed attempt
    void warning(const cloudnode::Error &problem);
    /// Once for each delivery by the broker, and possibly before up(): the broker first hands over what it
    /// has kept for us. With QoS 1 the same message may be delivered again after a drop.
    void received(const QByteArray &payload, const QString &topic);
    void requestsPossible();
    void answered(const QByteArray &correlation, const QByteArray &payload);
    void acknowledged(qint32 ticket); ///< the broker has the message
    void refused(qint32 ticket);      ///< it does not take the message; a warning() tells why

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace cloudnode
