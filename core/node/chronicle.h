#pragma once

#include "node/afterwards.h"
#include "node/eventjournal.h"
#include "node/timeline.h"
#include "node/troubles.h"

#include <QObject>

namespace cloudnode {

class BackendReporter;
class Canceller;
class CommandHandler;
class CommandLink;
class Heartbeat;
class Pause;
class Reconciler;
class Registration;
class Reporter;
class WorkloadLogs;
class WorkloadResults;
struct UploadSummary;

/// Listens to the node's parts and says in words what they do: in the log, in the list of events, and in the
/// life of the request it is about. Into the last two it writes a turn of the event loop later.
class Chronicle : public QObject {
    Q_OBJECT

public:
    using Level = EventJournal::Level;

    Chronicle(const WorkloadPool &pool, const QString &eventsPath, QObject *parent = nullptr);

    EventJournal &journal() { return m_journal; }
    const Timeline &timeline() const { return m_timeline; }
    const Troubles &troubles() const { return m_troubles; }
    /// When the broker connection became what it is.
    const std::optional<QDateTime> &brokerSince() const { return m_brokerSince; }

    void note(const QString &kind, Level level, const QString &text,
              const QJsonValue &requestId = QJsonValue::Null);
    void warn(const Error &problem);
    void installFailed(const Error &reason);

    void follow(const WorkloadPool &pool);
    void follow(const CommandHandler &handler);
    void follow(const Canceller &canceller);
    void follow(const Reporter &reporter);
    void follow(const BackendReporter &reporter);
    void follow(const Reconciler &reconciler);
    void follow(const WorkloadLogs &logs);
    void follow(const WorkloadResults &results);
    void follow(const CommandLink &link);
    void follow(const Registration &registration);
    void follow(const Heartbeat &heartbeat);
    void follow(const Pause &pause);

signals:
    void changed(); ///< troubles() or brokerSince() may have

private:
    void log(Level level, const QString &text) const;
    void record(const QString &kind, Level level, const QString &text,
                const QJsonValue &requestId = QJsonValue::Null);
    void recordOf(const QString &key, const QString &what, const QString &text,
                  const QDateTime &at = QDateTime::currentDateTimeUtc());
    void noteWorkload(const QString &key, Level level, const QString &text);
    void workloadEnded(const QString &key);
    void resultsDone(const QString &key, const UploadSummary &summary);
    void brokerUp();
    void brokerDown(const Error &reason);
    void tokenRejected(const Error &reason);
    void heartbeatFailed(const Error &reason, int inARow);
    void heartbeatOk();
    void registrationFailed(const Error &reason, std::chrono::milliseconds wait);

    const WorkloadPool &m_pool;
    EventJournal m_journal;
    Timeline m_timeline;
    Afterwards m_afterwards; // needs m_journal, m_timeline
    Troubles m_troubles;
    std::optional<QDateTime> m_brokerSince;
    bool m_brokerUp = false;
};

} // namespace cloudnode
