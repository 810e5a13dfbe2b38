#pragma once

#include "base/error.h"
#include "sandbox/tlsfiles.h"

#include <QObject>
#include <QProcess>
#include <QTemporaryDir>

namespace cloudnode::sandbox {

/// How the sandbox's broker should listen. Everything is on loopback.
struct BrokerSettings {
    quint16 port = 0;       ///< 0: a free one is chosen
    TlsFiles tls;           ///< for that port; one without TLS is then opened beside it
    QStringList extraLines; ///< further lines of mosquitto.conf, such as a password or ACL file
};

/// A real mosquitto on loopback, alive as long as this object, or this process, is.
class BrokerProcess : public QObject {
    Q_OBJECT

public:
    explicit BrokerProcess(BrokerSettings settings = {}, QObject *parent = nullptr);
    ~BrokerProcess() override;

    /// Starts it; ready() or failed() follows.
    void start();
    /// Kills it (SIGKILL) and waits until it is gone; start() brings it back on the same port.
    void kill();
    /// Ends it in an orderly way and waits for that.
    void stop();

    quint16 port() const { return m_settings.port; }
    /// Where it is spoken to without TLS.
    quint16 plainPort() const { return m_settings.tls.inUse() ? m_plainPort : m_settings.port; }
    qint64 processId() const { return m_process.processId(); }

signals:
    void ready(); ///< it accepts connections
    void failed(const cloudnode::Error &reason);

private:
    void readOutput();
    QStringList tlsLines() const;
    Result<QString> writeConfiguration();

    BrokerSettings m_settings;
    quint16 m_plainPort = 0;
    QTemporaryDir m_folder;
    QProcess m_process;  // needs m_folder
    QByteArray m_output; ///< the end of what it printed
    bool m_ready = false;
};

} // namespace cloudnode::sandbox
