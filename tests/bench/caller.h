#pragma once

#include "bench/wire.h"

#include <QHash>
#include <QSet>

namespace cloudnode::bench {

/// Gives one node work and notes when it answers.
class Caller : public QObject {
    Q_OBJECT

public:
    Caller(quint16 brokerPort, QString node);

    bool open() { return m_wire.open(); }
    Wire &wire() { return m_wire; }

    struct Call {
        QString requestId;
        Clock::time_point sent;
    };
    Call call(const QString &command);
    /// When its last answer came; runs the event loop until then. None: it never came, or says that there was
    /// an error.
    std::optional<Clock::time_point> waitForEnd(const Call &call);
    /// Until `count` workloads that were called since the last time run. False if they do not.
    bool waitUntilRunning(int count);
    /// How many have ended so far.
    qsizetype ended() const { return m_ends.size(); }
    /// And how many of them with an error.
    qsizetype failures() const { return m_failed.size(); }

private:
    void take(const QJsonObject &response, Clock::time_point at);

    Wire m_wire;
    QString m_node;
    QHash<QString, Clock::time_point> m_ends; // by request id
    QSet<QString> m_failed;
    int m_running = 0;
    int m_calls = 0;
};

} // namespace cloudnode::bench
