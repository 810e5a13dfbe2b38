#pragma once

#include "base/error.h"
#include "wire/requestid.h"
#include "wire/topics.h"

#include <QJsonObject>
#include <QMqttClient>
#include <QObject>
#include <QTimer>

#include <chrono>
#include <optional>

namespace cloudnode {

/// One command to one node, and where to send it.
struct SubmissionSettings {
    QString brokerHost;
    quint16 brokerPort = 1883;
    bool useTls = false;
    QString caCertificatesPath;
    QString username;
    QString password;
    QString environment; ///< topic prefix
    QString target;      ///< slug or uuid of the node
    QString command;
    QJsonObject params;
    RequestId requestId;
    std::chrono::seconds answerLimit{30}; ///< for the first response
    std::chrono::seconds resultLimit{0};  ///< for the final one; 0: none
};

/// Sends one command to a node over the broker and waits for what comes back, as any client of the cloud
/// would.
class Submission : public QObject {
    Q_OBJECT

public:
    explicit Submission(SubmissionSettings settings, QObject *parent = nullptr);

    void start();

    enum class Failure { Broker, NoAnswer, NoResult };

signals:
    void acknowledged(const QJsonObject &response);
    void concluded(const QJsonObject &response); ///< the final response: the last signal
    void failed(cloudnode::Submission::Failure failure, const cloudnode::Error &reason); ///< likewise

private:
    void subscribe();
    void publish();
    void read(const QByteArray &payload);
    void giveUp();
    void fail(Failure failure, const Error &reason);
    QString responseFilter() const;
    QString broker() const;

    SubmissionSettings m_settings;
    Topics m_topics;
    QMqttClient m_client;
    QTimer m_limit;
    enum class Phase { Connecting, AwaitingAnswer, AwaitingResult, Over };
    Phase m_phase = Phase::Connecting;
};

/// Whether nothing more follows this response of a node.
bool isFinal(const QJsonObject &response);

} // namespace cloudnode
