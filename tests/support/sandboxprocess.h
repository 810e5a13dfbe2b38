#pragma once

#include "base/error.h"

#include <QJsonObject>
#include <QObject>
#include <QProcess>
#include <QUrl>

#include <functional>

namespace cloudnode::test {

/// The real cloudnode-sandbox as a child of a test. It cannot outlive the test: its standard input ends
/// with us. Waiting keeps the event loop running.
class SandboxProcess final : public QObject {
    Q_OBJECT

public:
    using Predicate = std::function<bool(const QJsonObject &event)>;

    /// `options` are added to --until-eof. A broker is started only with `--mqtt-port`. Where there is one,
    /// that or the one of `--use-broker`, nodes are spoken to as CLOUDNODE_TEST_CONTROL_PLANE in the
    /// environment says (rest, mqtt or both; nothing: rest), unless `--control-plane` is among the options.
    explicit SandboxProcess(const QStringList &options = {}, QObject *parent = nullptr);
    ~SandboxProcess() override;

    /// Starts it and waits until it is ready. Errors: what it printed.
    Result<void> start();
    /// Lets it end and waits for that. Errors: a breach of the contract, a crash, any exit status but 0.
    Result<void> stop();

    QUrl apiUrl() const { return QUrl(m_ready[QStringLiteral("api_url")].toString()); }
    /// "rest", "mqtt" or "both".
    QString controlPlane() const { return m_ready[QStringLiteral("control_plane")].toString(); }
    QString token() const { return m_ready[QStringLiteral("token")].toString(); }
    quint16 mqttPort() const { return static_cast<quint16>(m_ready[QStringLiteral("mqtt_port")].toInt()); }
    /// Where the broker is spoken to without TLS, if it speaks TLS at mqttPort().
    quint16 mqttPlainPort() const
    {
        return static_cast<quint16>(m_ready[QStringLiteral("mqtt_plain_port")].toInt());
    }
    qint64 processId() const { return m_process.processId(); }

    /// In order. With a name: only those of that name; with a predicate: only those it likes.
    QList<QJsonObject> events(const QString &name = {}, const Predicate &likes = {}) const;
    /// For QTRY_VERIFY and its kin.
    bool hasEvent(const QString &name, const Predicate &likes = {}) const;
    /// True as soon as there is such an event, false if none came in time.
    bool waitForEvent(const QString &name, const Predicate &likes = {}) const;

    /// Sets faults from now on, as POST /sandbox/fail does. Errors: what the sandbox answered.
    Result<void> fail(const QStringList &faults);
    /// Makes the sandbox forget an instance or a workload.
    Result<void> forget(const QString &uuid);
    /// Ends an instance as its owner may.
    Result<void> terminate(const QString &uuid);
    /// Makes a workload, or changes one, as POST /sandbox/workloads does. All of it, or what the sandbox
    /// says.
    Result<QJsonObject> putWorkload(const QJsonObject &wish);
    /// One workload as the sandbox sees it; empty if there is none.
    QJsonObject workload(const QString &uuid);
    /// What has been sent as "stdout" or "stderr" of an instance.
    Result<QByteArray> log(const QString &uuid, const QString &stream);

signals:
    void happened(const QJsonObject &event);

private:
    void readEvents();
    Result<QByteArray> ask(const QByteArray &method, const QString &path, const QByteArray &body = {});

    QStringList m_options;
    QProcess m_process;
    QList<QJsonObject> m_events;
    QJsonObject m_ready;
};

} // namespace cloudnode::test
