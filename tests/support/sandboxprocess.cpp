#include "support/sandboxprocess.h"

#include "support/waiting.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QTest>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::test {

SandboxProcess::SandboxProcess(const QStringList &options, QObject *parent)
    : QObject(parent),
      m_options(options)
{
    m_options.prepend(u"--until-eof"_s);
    const bool hasOwnBroker = options.contains(u"--mqtt-port"_s);
    const bool hasBroker = hasOwnBroker || options.contains(u"--use-broker"_s);
    const QString plane = qEnvironmentVariable("CLOUDNODE_TEST_CONTROL_PLANE");
    if (hasBroker && !plane.isEmpty() && !options.contains(u"--control-plane"_s))
        m_options << u"--control-plane"_s << plane;
    if (!hasOwnBroker)
        m_options << u"--no-broker"_s;
    m_process.setProcessChannelMode(QProcess::SeparateChannels);
    connect(&m_process, &QProcess::readyReadStandardOutput, this, &SandboxProcess::readEvents);
}

SandboxProcess::~SandboxProcess()
{
    m_process.disconnect(this);
    m_process.closeWriteChannel();
    if (m_process.state() != QProcess::NotRunning && !m_process.waitForFinished(patience))
        m_process.kill();
}

Result<void> SandboxProcess::start()
{
    m_process.start(QStringLiteral(CLOUDNODE_BIN_DIR "/cloudnode-sandbox"), m_options);
    const bool settled = QTest::qWaitFor(
        [this] { return !m_ready.isEmpty() || m_process.state() == QProcess::NotRunning; }, patience);
    if (settled && !m_ready.isEmpty())
        return {};
    return cloudnode::fail(u"the sandbox did not become ready: "_s +
                           QString::fromLocal8Bit(m_process.readAllStandardError()) +
                           m_process.errorString());
}

Result<void> SandboxProcess::stop()
{
    m_process.closeWriteChannel();
    if (!QTest::qWaitFor([this] { return m_process.state() == QProcess::NotRunning; }, patience))
        return cloudnode::fail(u"the sandbox did not end"_s);
    readEvents();
    for (const QJsonObject &breach : events(u"breach"_s))
        return cloudnode::fail(breach[u"reason"_s].toString(), u"contract breach"_s);
    if (m_process.exitStatus() != QProcess::NormalExit || m_process.exitCode() != 0)
        return cloudnode::fail(u"the sandbox ended with status %1: "_s.arg(m_process.exitCode()) +
                               QString::fromLocal8Bit(m_process.readAllStandardError()));
    return {};
}

QList<QJsonObject> SandboxProcess::events(const QString &name, const Predicate &likes) const
{
    QList<QJsonObject> found;
    std::copy_if(m_events.cbegin(), m_events.cend(), std::back_inserter(found),
                 [&](const QJsonObject &event) {
                     return (name.isEmpty() || event[u"event"_s] == name) && (!likes || likes(event));
                 });
    return found;
}

bool SandboxProcess::hasEvent(const QString &name, const Predicate &likes) const
{
    return !events(name, likes).isEmpty();
}

bool SandboxProcess::waitForEvent(const QString &name, const Predicate &likes) const
{
    return QTest::qWaitFor([&] { return hasEvent(name, likes); }, patience);
}

Result<void> SandboxProcess::fail(const QStringList &faults)
{
    const QJsonObject body{{u"fail"_s, QJsonArray::fromStringList(faults)}};
    return ask("POST", u"/sandbox/fail"_s, QJsonDocument(body).toJson()).map([](const QByteArray &) {});
}

Result<void> SandboxProcess::forget(const QString &uuid)
{
    return ask("POST", u"/sandbox/forget/"_s + uuid).map([](const QByteArray &) {});
}

Result<void> SandboxProcess::terminate(const QString &uuid)
{
    return ask("POST", u"/sandbox/terminate/"_s + uuid).map([](const QByteArray &) {});
}

Result<QJsonObject> SandboxProcess::putWorkload(const QJsonObject &wish)
{
    return ask("POST", u"/sandbox/workloads"_s, QJsonDocument(wish).toJson())
        .map([](const QByteArray &answer) { return QJsonDocument::fromJson(answer).object(); });
}

QJsonObject SandboxProcess::workload(const QString &uuid)
{
    const QByteArray answer = ask("GET", u"/sandbox/workloads"_s).value_or(QByteArray());
    for (const QJsonValue workload : QJsonDocument::fromJson(answer).array()) {
        if (workload[u"uuid"_s] == uuid)
            return workload.toObject();
    }
    return {};
}

Result<QByteArray> SandboxProcess::log(const QString &uuid, const QString &stream)
{
    return ask("GET", u"/sandbox/logs/%1?stream=%2"_s.arg(uuid, stream));
}

void SandboxProcess::readEvents()
{
    while (m_process.canReadLine()) {
        const QJsonObject event = QJsonDocument::fromJson(m_process.readLine()).object();
        if (event[u"event"_s] == u"ready"_s)
            m_ready = event;
        m_events << event;
        emit happened(event);
    }
}

Result<QByteArray> SandboxProcess::ask(const QByteArray &method, const QString &path, const QByteArray &body)
{
    QNetworkAccessManager network;
    QNetworkRequest request(QUrl(apiUrl().toString() + path));
    request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
    const std::unique_ptr<QNetworkReply> reply(network.sendCustomRequest(request, method, body));
    if (!QTest::qWaitFor([&] { return reply->isFinished(); }, patience))
        return cloudnode::fail(u"the sandbox does not answer"_s, path);
    const QByteArray answer = reply->readAll();
    if (reply->error() != QNetworkReply::NoError)
        return cloudnode::fail(reply->errorString() + u' ' + QString::fromUtf8(answer), path);
    return answer;
}

} // namespace cloudnode::test
