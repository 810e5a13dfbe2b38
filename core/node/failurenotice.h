#pragma once

#include "cloud/controlplane.h"

#include <QObject>
#include <QTimer>

namespace cloudnode {

class LogShipper;
class Registration;

/// Tells the backend that this node could not start, with the logs that show why. An instance is created
/// first if there is none. Takes a bounded time, whether the backend answers or not.
class FailureNotice : public QObject {
    Q_OBJECT

public:
    FailureNotice(ControlPlane &cloud, Registration &registration, LogShipper &shipper, QString reason,
                  QObject *parent = nullptr);

    /// done() follows within 10 s.
    void start();

signals:
    void done(bool told);

private:
    void shipLogs(const Instance &instance);
    void tell();
    void finish(bool told);

    ControlPlane &m_cloud;
    Registration &m_registration;
    LogShipper &m_shipper;
    QString m_reason;
    Instance m_instance;
    QTimer m_limit;
    bool m_telling = false;
    bool m_finished = false;
};

} // namespace cloudnode
