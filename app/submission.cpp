#include "submission.h"

#include <QJsonDocument>
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
    m_limit.setSingleShot(true);
    connect(&m_limit, &QTimer::timeout, this, &Submission::giveUp);
    connect(&m_link, &CommandLink::up, this, &Submission::publish);
    connect(&m_link, &CommandLink::down, this, &Submission::lost);
    connect(&m_link, &CommandLink::received, this, [this](const QByteArray &payload) { read(payload); });
}

void Submission::start()
{
    LinkSettings settings = m_settings.broker;
    settings.clientId = u"cloudnode-submit-"_s + QUuid::createUuid().toString(QUuid::Id128).left(12);
    settings.commandTopics = {responseFilter()};
    settings.sessionExpiry = 5min;
    m_link.open(settings);
}

void Submission::lost(const Error &reason)
{
    if (m_phase == Phase::Connecting)
        fail(Failure::Broker, reason);
    else if (m_phase != Phase::Over)
        emit interrupted(reason);
}

void Submission::giveUp()
{
    switch (m_phase) {
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
    case Phase::Connecting: // the link has its own limit
    case Phase::Over:
        break;
    }
}

void Submission::publish()
{
    if (m_phase != Phase::Connecting)
        return;
    m_phase = Phase::AwaitingAnswer;
    const QJsonObject message{{u"command"_s, m_settings.command},
                              {u"request_id"_s, m_settings.requestId.toJson()},
                              {u"params"_s, m_settings.params}};
    m_link.publish(m_topics.command(m_settings.target),
                   QJsonDocument(message).toJson(QJsonDocument::Compact));
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
        m_link.close();
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
    return u"%1:%2"_s.arg(m_settings.broker.host).arg(m_settings.broker.port);
}

} // namespace cloudnode
