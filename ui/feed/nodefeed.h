#pragma once

#include "base/error.h"
#include "ui/feed/nodeevent.h"
#include "ui/feed/nodesnapshot.h"

#include <QObject>

#include <functional>

namespace cloudnode {

/// Everything the desktop knows of the node and asks of it, wherever the node runs. It keeps looking for the
/// node by itself. Nothing here waits: calls return at once, and their answer comes later.
class NodeFeed : public QObject {
    Q_OBJECT

public:
    /// Called once, unless its context has been destroyed by then.
    using Answer = std::function<void(const Result<void> &)>;

    using QObject::QObject;

    virtual bool isUp() const = 0; ///< a node answers
    virtual void pause(QObject *context, Answer done) = 0;
    virtual void resume(QObject *context, Answer done) = 0;
    virtual void stop(QObject *context, Answer done) = 0; ///< the node; its workloads run on
    /// `signalName`: "SIGTERM", "SIGINT" or "SIGKILL". The answer means that the signal is sent.
    virtual void cancel(const QJsonValue &requestId, const QString &signalName, QObject *context,
                        Answer done) = 0;

signals:
    void upChanged(bool up);
    void statusArrived(const cloudnode::NodeSnapshot &snapshot);
    /// All that are listed, active and finished, newest first.
    void workloadsArrived(const QList<cloudnode::WorkloadRecord> &workloads);
    /// What happened before we looked, oldest first; replaces whatever was known of it.
    void eventsArrived(const QList<cloudnode::NodeEvent> &events);
    void eventHappened(const cloudnode::NodeEvent &event);
};

} // namespace cloudnode
