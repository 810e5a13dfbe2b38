#pragma once

#include "control/controlport.h"
#include "wire/nodestatus.h"

#include <QMultiHash>

namespace cloudnode {

class Canceller;
class EventJournal;
class Pause;
class Timeline;
class WorkloadGauge;
class WorkloadPool;

/// The node as its owner's faces see and steer it.
class NodeControl final : public QObject, public ControlPort {
    Q_OBJECT

public:
    /// Whom it asks, and who does what it is told. All of them outlive it.
    struct Parts {
        WorkloadPool &pool;
        Canceller &canceller;
        Pause &pause;
        EventJournal &journal;
        const Timeline &timeline;
        WorkloadGauge &gauge;
        std::function<JsonText()> status;
        std::function<void()> stop;
    };
    explicit NodeControl(Parts parts);
    ~NodeControl() override;

    JsonText status() const override;
    QList<JsonText> workloads(bool all, int limit) const override;
    bool knowsAllWorkloads() const override;
    Result<QJsonArray> timeline(const QString &requestId) const override;
    QByteArrayList recentEvents() const override;
    Result<void> pause() override;
    Result<void> resume() override;
    void stop() override;
    void cancel(const CancelWorkload &request, CancelAnswer when,
                std::function<void(Result<JsonText>)> done) override;
    const ControlEvents &events() const override { return m_events; }

    void noteStatus() { emit m_events.statusChanged(); }
    /// Answers whoever still waits for the end of a workload: the node ends first.
    void giveUp();

private:
    using Done = std::function<void(Result<JsonText>)>;

    void workloadEnded(const QString &key);
    JsonText accepted(const QString &key) const;

    Parts m_parts;
    ControlEvents m_events;
    QMultiHash<QString, Done> m_waiting; ///< by workload; the server bounds their number
};

} // namespace cloudnode
