#include "cloud/mqttrequests.h"

#include "cloud/commandlink.h"
#include "cloud/mqttanswer.h"

#include <QJsonDocument>
#include <QRandomGenerator>

#include <array>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

constexpr int refusedLoginsThatCount = 3;

QByteArray newCorrelation()
{
    std::array<quint32, 4> random{};
    QRandomGenerator::system()->fillRange(random.data(), random.size());
    return QByteArray(reinterpret_cast<const char *>(random.data()), sizeof random);
}

tl::unexpected<CloudError> unavailable(const QString &what, const QString &where, const QString &remedy = {})
{
    return tl::make_unexpected(CloudError{CloudError::Kind::Unavailable, 0, {what, where, remedy}, {}});
}

} // namespace

MqttRequests::MqttRequests(CommandLink &link, const QString &answersPrefix, QString token, QObject *parent)
    : QObject(parent),
      m_link(link),
      m_token(std::move(token))
{
    connect(&link, &CommandLink::requestsPossible, this, &MqttRequests::publishWaiting);
    connect(&link, &CommandLink::answered, this, &MqttRequests::answer);
    connect(&link, &CommandLink::refused, this, &MqttRequests::refuse);
    connect(&link, &CommandLink::down, this, &MqttRequests::failUnderWay);
    link.takeAnswersAt(answersPrefix);
}

void MqttRequests::send(const MqttRequest &request, QObject *context, Done done)
{
    if (pending() >= capacity) {
        callLater(context, std::move(done),
                  unavailable(u"%1 requests to the backend are waiting for an answer already"_s.arg(capacity),
                              request.what));
        return;
    }
    if (request.topic.isEmpty()) {
        callLater(context, std::move(done),
                  tl::make_unexpected(
                      CloudError{CloudError::Kind::Refused,
                                 0,
                                 {u"a name in it cannot stand in an MQTT topic"_s, request.what, {}},
                                 {}}));
        return;
    }
    const QByteArray correlation = newCorrelation();
    const auto pending = std::make_shared<Pending>(
        Pending{request, context, std::move(done), std::nullopt, std::make_unique<QTimer>()});
    pending->limit->setSingleShot(true);
    connect(pending->limit.get(), &QTimer::timeout, this, [this, correlation] { expire(correlation); });
    pending->limit->start(request.limit);
    m_pending.insert(correlation, pending);
    publish(correlation);
}

void MqttRequests::publish(const QByteArray &correlation)
{
    if (!m_link.canRequest())
        return;
    const std::shared_ptr<Pending> pending = m_pending.value(correlation);
    const QByteArray payload = QJsonDocument(pending->request.payload).toJson(QJsonDocument::Compact);
    pending->ticket =
        m_link.request(pending->request.topic, payload, correlation, {{u"X-API-Token"_s, m_token}});
    if (!pending->ticket)
        settle(correlation, tl::make_unexpected(CloudError{
                                CloudError::Kind::Refused,
                                413,
                                {u"a request of %1 bytes cannot be sent to the broker"_s.arg(payload.size()),
                                 pending->request.what,
                                 {}},
                                {}}));
}

void MqttRequests::publishWaiting()
{
    m_everConnected = true;
    const QList<QByteArray> all = m_pending.keys();
    for (const QByteArray &correlation : all) {
        const auto pending = m_pending.value(correlation);
        if (pending && !pending->ticket)
            publish(correlation);
    }
}

void MqttRequests::answer(const QByteArray &correlation, const QByteArray &payload)
{
    const auto pending = m_pending.value(correlation);
    if (!pending)
        return;
    settle(correlation,
           judgeMqttAnswer(payload, pending->request.what, pending->request.successMayBeMissing));
}

/// Whether it has arrived, or its answer will, nobody knows.
void MqttRequests::failUnderWay(const Error &reason)
{
    m_lastDown = reason;
    const QList<QByteArray> all = m_pending.keys();
    for (const QByteArray &correlation : all) {
        const auto pending = m_pending.value(correlation);
        if (pending && pending->ticket)
            settle(correlation,
                   unavailable(u"the connection to the broker broke before the backend answered"_s,
                               pending->request.what));
    }
}

void MqttRequests::refuse(qint32 ticket)
{
    for (auto it = m_pending.cbegin(); it != m_pending.cend(); ++it) {
        if (it.value()->ticket == ticket) {
            // A copy: the key goes with its entry.
            settle(QByteArray(it.key()),
                   unavailable(u"the broker does not pass this request on to the backend"_s,
                               it.value()->request.what,
                               u"Check that the MQTT user may publish such requests."_s));
            return;
        }
    }
}

void MqttRequests::expire(const QByteArray &correlation)
{
    const QString what = m_pending.value(correlation)->request.what;
    if (m_link.canRequest()) {
        settle(correlation, unavailable(u"the backend has not answered in time"_s, what));
        return;
    }
    const bool locked =
        !m_everConnected && m_link.isLoginRefused() && m_link.failures() >= refusedLoginsThatCount;
    const QString why = m_lastDown.what.isEmpty() ? u"no connection to the broker"_s : m_lastDown.what;
    settle(correlation, tl::make_unexpected(CloudError{locked ? CloudError::Kind::Unauthorized
                                                              : CloudError::Kind::Unavailable,
                                                       0,
                                                       {why, m_lastDown.where, m_lastDown.remedy},
                                                       {}}));
}

void MqttRequests::settle(const QByteArray &correlation, const CloudResult<QJsonObject> &result)
{
    const std::shared_ptr<Pending> pending = m_pending.take(correlation);
    pending->limit.release()->deleteLater(); // it may be what calls
    CloudResult<QJsonObject> shown = result;
    if (!shown && !m_token.isEmpty()) {
        Error &error = shown.error().error;
        for (QString *text : {&error.what, &error.where, &error.remedy})
            text->replace(m_token, u"[token]"_s);
    }
    if (pending->context)
        callLater(pending->context, std::move(pending->done), std::move(shown));
}

/// Not from within the link's own signal: `done` may do anything to either.
void MqttRequests::callLater(QObject *context, Done done, CloudResult<QJsonObject> result)
{
    const auto call = [self = QPointer(this), done = std::move(done), result = std::move(result)] {
        if (self)
            done(result);
    };
    QMetaObject::invokeMethod(context, call, Qt::QueuedConnection);
}

} // namespace cloudnode
