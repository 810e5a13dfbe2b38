#pragma once

#include "base/error.h"
#include "cloud/commandlink.h"
#include "wire/requestid.h"
#include "wire/topics.h"

#include <QJsonObject>
#include <QObject>
#include <QTimer>

#include <chrono>
#include <optional>

namespace cloudnode {

/// One command to one node, and where to send it.
struct SubmissionSettings {
    LinkSettings broker; ///< host, port, TLS and login; what is subscribed is decided here
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
    void interrupted(const cloudnode::Error &reason); ///< the broker is away; this goes on
    void concluded(const QJsonObject &response);      ///< the final response: the last signal
    void failed(cloudnode::Submission::Failure failure, const cloudnode::Error &reason); ///< likewise

private:
    void publish();
    void read(const QByteArray &payload);
    void lost(const Error &reason);
    void giveUp();
    void fail(Failure failure, const Error &reason);
    QString responseFilter() const;
    QString broker() const;

    enum class Phase { Connecting, AwaitingAnswer, AwaitingResult, Over };

    SubmissionSettings m_settings;
    Topics m_topics;
    CommandLink m_link;
    QTimer m_limit;
    Phase m_phase = Phase::Connecting;
};

/// Whether nothing more follows this response of a node.
bool isFinal(const QJsonObject &response);

} // namespace cloudnode
