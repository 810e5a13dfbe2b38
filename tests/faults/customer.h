#pragma once

#include "faults/job.h"
#include "support/requester.h"

#include <QHash>
#include <QRandomGenerator>
#include <QSet>

namespace cloudnode::faults {

/// Gives a node jobs, a few at a time, cancels those that are made for it, and keeps every answer.
class Customer {
public:
    Customer(quint16 brokerPort, quint32 seed);

    /// Connects. False if there is no broker.
    bool start() { return m_requester.start(); }
    bool isListening() const { return m_requester.isListening(); }
    void setNode(const QString &slug) { m_node = slug; }

    /// Sends a job, and now and then the same one once more, as QoS 1 may.
    void send(const Job &job);
    /// Draws a job of one of these kinds and sends it.
    void sendAny(const QList<Job::Kind> &kinds);
    /// Sends again whatever nobody has answered, as one does when a broker has lost its memory.
    void sendUnansweredAgain();
    /// Reads what has come, and sends the cancellations that are due.
    void catchUp();

    int unfinished() const { return static_cast<int>(m_jobs.size()) - static_cast<int>(m_finished.size()); }
    /// Every final response is there, the answers to cancellations too.
    bool isContent() const;

    const QHash<QString, Job> &jobs() const { return m_jobs; }          ///< by request id
    const QSet<QString> &cancellations() const { return m_cancels; }    ///< request ids
    const QList<QJsonObject> &all() const { return m_requester.all(); } ///< responses, in the order they came
    QList<QJsonObject> finalsOf(const QString &requestId) const { return m_finals.value(requestId); }
    int acknowledgementsOf(const QString &requestId) const { return m_acknowledgements.value(requestId); }
    bool isCancelled(const QString &requestId) const { return m_cancels.contains(cancelIdOf(requestId)); }

private:
    static QString cancelIdOf(const QString &requestId) { return QStringLiteral("cancel-") + requestId; }
    void note(const QJsonObject &response);
    void cancel(const QString &requestId);

    Requester m_requester;
    QRandomGenerator m_chance;
    QString m_node;
    int m_serial = 0;
    qsizetype m_read = 0; ///< of the requester's responses
    QHash<QString, Job> m_jobs;
    QSet<QString> m_finished;
    QSet<QString> m_cancels;
    QHash<QString, QList<QJsonObject>> m_finals;
    QHash<QString, int> m_acknowledgements;
};

} // namespace cloudnode::faults
