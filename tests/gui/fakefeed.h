#pragma once

#include "ui/feed/nodefeed.h"

#include <QStringList>

namespace cloudnode {

/// A node of one's own making: tells what it is told to, and keeps what it was asked.
class FakeFeed final : public NodeFeed {
    Q_OBJECT

public:
    using NodeFeed::NodeFeed;

    void tell(const NodeSnapshot &snapshot); ///< makes it up
    void tellWorkloads(const QList<WorkloadRecord> &workloads) { emit workloadsArrived(workloads); }
    void tellEvent(const NodeEvent &event) { emit eventHappened(event); }
    void goDown();
    QStringList asked; ///< "pause", "cancel r-1 SIGTERM"
    Result<void> reply;

    bool isUp() const override { return m_up; }
    void pause(QObject *context, Answer done) override;
    void resume(QObject *context, Answer done) override;
    void stop(QObject *context, Answer done) override;
    void cancel(const QJsonValue &requestId, const QString &signalName, QObject *context,
                Answer done) override;

private:
    void answer(const QString &what, const Answer &done);

    bool m_up = false;
};

} // namespace cloudnode
