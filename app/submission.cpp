#include "submission.h"

#include <QJsonDocument>
#include <QMqttSubscription>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QUuid>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace cloudnode {

bool isFinal(const QJsonObject &response)
{
    const QJsonValue workload = response.value("workload"_L1);
    return !workload.isObject() || workload.toObject().value("status"_L1) != u"running"_s;
}

Submission::Submission(SubmissionSettings settings, QObject *parent)
    : QObject(parent),
      m_settings(std::move(settings)),
      m_topics(m_settings.environment)
{
    m_client.setProtocolVersion(QMqttClient::MQTT_5_0);
    m_client.setHostname(m_settings.brokerHost);
    m_client.setPort(m_settings.brokerPort);
    m_client.setClientId(u"cloudnode-submit-"_s + QUuid::createUuid().toString(QUuid::Id128).left(12));
    if (!m_settings.username.isEmpty() && !m_settings.password.isEmpty()) {
        m_client.setUsername(m_settings.username);
        m_client.setPassword(m_settings.password);
    }
    m_limit.setSingleShot(true);
    connect(&m_client, &QMqttClient::connected, this, &Submission::subscribe);
    connect(&m_client, &QMqttClient::disconnected, this, [this] {
        fail(Failure::Broker, {u"the broker has closed the connection (error %1)"_s.arg(m_client.error()),
                               broker(), u"Check host, port, TLS and credentials."_s});
    });
    connect(&m_client, &QMqttClient::messageReceived, this,
            [this](const QByteArray &payload, const QMqttTopicName &) { read(payload); });
    connect(&m_limit, &QTimer::timeout, this, &Submission::giveUp);
}

void Submission::giveUp()
{
    switch (m_phase) {
    case Phase::Connecting:
        fail(Failure::Broker, {u"the broker does not answer"_s, broker(), {}});
        break;
    case Phase::AwaitingAnswer:
        fail(Failure::NoAnswer, {u"no node answers as %1"_s.arg(m_settings.target), broker(),
                                 u"Is it running, and is it connected to this broker?"_s});
        break;
    case Phase::AwaitingResult:
        fail(Failure::NoResult,
             {u"no result within %1 s; the workload goes on"_s.arg(m_settings.resultLimit.count()),
              broker(),
              {}});
        break;
    case Phase::Over:
        break;
    }
}

void Submission::start()
{
    m_limit.start(10s);
    if (!m_settings.useTls) {
        m_client.connectToHost();
        return;
    }
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    if (!m_settings.caCertificatesPath.isEmpty())
        tls.setCaCertificates(QSslCertificate::fromPath(m_settings.caCertificatesPath));
    m_client.connectToHostEncrypted(tls);
}

void Submission::subscribe()
{
    const QMqttSubscription *subscription = m_client.subscribe(QMqttTopicFilter(responseFilter()), 1);
    if (!subscription) {
        fail(Failure::Broker, {u"cannot subscribe to "_s + responseFilter(), broker(), {}});
        return;
    }
    connect(subscription, &QMqttSubscription::stateChanged, this,
            [this](QMqttSubscription::SubscriptionState state) {
                if (state == QMqttSubscription::Subscribed)
                    publish();
                else if (state == QMqttSubscription::Error)
                    fail(Failure::Broker,
                         {u"the broker refuses the subscription to "_s + responseFilter(), broker(),
                          u"Name the node by its uuid, or ask for the right to read its responses."_s});
            });
}

void Submission::publish()
{
    if (m_phase != Phase::Connecting)
        return;
    m_phase = Phase::AwaitingAnswer;
    const QJsonObject message{{u"command"_s, m_settings.command},
                              {u"request_id"_s, m_settings.requestId.toJson()},
                              {u"params"_s, m_settings.params}};
    m_client.publish(QMqttTopicName(m_topics.command(m_settings.target)),
                     QJsonDocument(message).toJson(QJsonDocument::Compact), 1);
    m_limit.start(m_settings.answerLimit);
}

void Submission::read(const QByteArray &payload)
{
    const QJsonObject response = QJsonDocument::fromJson(payload).object();
    const auto id = RequestId::parse(response.value("request_id"_L1));
    if (m_phase == Phase::Over || !id || !(*id == m_settings.requestId))
        return;
    m_limit.stop();
    if (isFinal(response)) {
        m_phase = Phase::Over;
        m_client.disconnectFromHost();
        emit concluded(response);
        return;
    }
    m_phase = Phase::AwaitingResult;
    if (m_settings.resultLimit > 0s)
        m_limit.start(m_settings.resultLimit);
    emit acknowledged(response);
}

void Submission::fail(Failure failure, const Error &reason)
{
    if (m_phase == Phase::Over)
        return;
    m_phase = Phase::Over;
    m_limit.stop();
    emit failed(failure, reason);
}

QString Submission::responseFilter() const
{
    // Responses are sent under the instance's uuid; of a node named by its slug it is not known.
    const bool isUuid = !QUuid::fromString(m_settings.target).isNull();
    return m_topics.response(isUuid ? m_settings.target : u"+"_s);
}

QString Submission::broker() const
{
    return u"%1:%2"_s.arg(m_settings.brokerHost).arg(m_settings.brokerPort);
}

} // namespace cloudnode
