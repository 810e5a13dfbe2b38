#pragma once

#include <QByteArray>
#include <QObject>
#include <QTimer>

namespace cloudnode {

/// Tells the service manager how this process is, as sd_notify(3) describes. Does nothing where there is none
/// (NOTIFY_SOCKET is not set). While a watchdog waits for us (WATCHDOG_USEC), it hears from the event loop at
/// twice the rate it asks for: a loop that hangs falls silent, and the manager acts.
class ServiceNotifier : public QObject {
    Q_OBJECT

public:
    /// Takes the three variables of the protocol from the environment, so that no child believes to be the
    /// service.
    explicit ServiceNotifier(QObject *parent = nullptr);
    ~ServiceNotifier() override;

    void ready();
    void stopping();
    /// One line for people, such as `systemctl status` shows.
    void status(const QString &text);

private:
    void send(const QByteArray &message) const;

    QByteArray m_address;
    int m_socket = -1;
    QTimer m_watchdog;
};

} // namespace cloudnode
