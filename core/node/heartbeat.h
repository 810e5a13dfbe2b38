#pragma once

#include "base/backoff.h"
#include "cloud/controlplane.h"
#include "wire/nodestatus.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

namespace cloudnode {

/// Tells the backend at regular intervals that this node lives, and counts how that goes.
class Heartbeat : public QObject {
    Q_OBJECT

public:
    static constexpr int remembered = 60;    ///< beats in the history
    static constexpr int mostRejections = 5; ///< in a row, until the token counts as no good any more

    /// `afterRejection`: the waits between beats while the backend rejects the token.
    Heartbeat(ControlPlane &cloud, std::chrono::seconds interval,
              const Backoff &afterRejection = Backoff(std::chrono::seconds(2), std::chrono::seconds(30)),
              QObject *parent = nullptr);

    /// The first beat at once, then one every interval. A beat that is still under way when the next is due
    /// replaces that one.
    void start(const QString &instanceUuid);
    void stop();

    const NodeStatus::Heartbeat &statistics() const { return m_statistics; }

signals:
    void beat(); ///< one got through
    void failed(const cloudnode::Error &reason, int inARow);
    void rejected(const cloudnode::Error &reason); ///< the token is no good any more; beating has stopped
    void instanceGone(); ///< the backend does not know this instance any more; beating has stopped

private:
    void due();
    void send();
    void remember(const NodeStatus::Beat &beat);
    void note(const CloudResult<void> &reply);
    void noteFailure(const CloudError &error);
    void noteRejection(const Error &reason);

    ControlPlane &m_cloud;
    QString m_instanceUuid;
    Backoff m_afterRejection;
    QTimer m_timer;
    QTimer m_extraBeat; ///< instead of the regular ones, while the token is rejected
    QElapsedTimer m_sent;
    bool m_underWay = false;
    int m_rejections = 0; ///< in a row
    int m_round = 0;      ///< tells late answers of an earlier start() apart
    NodeStatus::Heartbeat m_statistics;
};

} // namespace cloudnode
