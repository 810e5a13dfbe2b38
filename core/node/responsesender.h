#pragma once

#include "base/error.h"

#include <QObject>

#include <functional>
#include <map>
#include <optional>

namespace cloudnode {

class CommandLink;

/// Sends each response until the broker has acknowledged it: again after every reconnect, in the order given.
/// One that cannot be sent, being larger than the broker takes, keeps no other waiting.
/// What is to outlive the node must be kept by the caller until it is delivered.
class ResponseSender : public QObject {
    Q_OBJECT

public:
    explicit ResponseSender(CommandLink &link, QObject *parent = nullptr);

    /// Where responses go from now on. Nothing is sent before it is known.
    void setTopic(const QString &topic);

    /// `compose` makes the payload each time it is about to be sent, so that waiting responses take no
    /// memory. `delivered` is called once; it may be empty.
    void send(std::function<QByteArray()> compose, std::function<void()> delivered);

    const QString &topic() const { return m_topic; }
    /// Responses not yet acknowledged.
    qsizetype waiting() const { return static_cast<qsizetype>(m_entries.size()); }

signals:
    void drained(); ///< nothing waits any more

private:
    struct Entry {
        std::function<QByteArray()> compose;
        std::function<void()> delivered;
        std::optional<qint32> ticket = {}; ///< under way on the present connection
        bool unsendable = false;           ///< on the present connection
    };

    void startOver();
    void publishMore();
    void settle(qint32 ticket);

    CommandLink &m_link;
    QString m_topic;
    std::map<quint64, Entry> m_entries; ///< in the order they were given
    quint64 m_next = 0;
    int m_underWay = 0;
};

} // namespace cloudnode
