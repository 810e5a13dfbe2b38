#pragma once

#include "cloud/controlplane.h"

#include <QObject>
#include <QTimer>

namespace cloudnode {

class CommandLink;
class LogShipper;
class ResponseSender;

/// The node's last words, within a bounded time even if nobody listens: ship the logs and responses that are
/// there, tell the backend, leave the broker. Workloads are not its business: they run on.
class Shutdown : public QObject {
    Q_OBJECT

public:
    /// Who has to be spoken to.
    struct Parties {
        ControlPlane &cloud;
        CommandLink &link;
        LogShipper &shipper;
        ResponseSender &sender;
    };
    Shutdown(Parties parties, Instance instance, QObject *parent = nullptr);

    /// done() follows within 2.5 s.
    void start();

signals:
    void done();

private:
    void flushed();
    void tellBackend();
    void leaveIfAnswered();
    void leave();

    Parties m_parties;
    Instance m_instance;
    QTimer m_flushLimit;
    QTimer m_limit;
    bool m_told = false;     ///< the backend is being told
    bool m_answered = false; ///< it has answered
    bool m_left = false;
};

} // namespace cloudnode
