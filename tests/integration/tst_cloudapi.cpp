#include "integration/cloudapitest.h"
#include "support/cannedserver.h"
#include "support/sandboxprocess.h"

#include <QDir>
#include <QTest>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;
using namespace cloudnode;
using namespace cloudnode::test;
using Kind = CloudError::Kind;

Q_DECLARE_METATYPE(cloudnode::CloudError::Kind)

namespace {

Instance readyInstance(CloudApi &api)
{
    const Instance instance = createdBy(api);
    Heard<Instance> registered;
    api.registerInstance(instance.uuid, u"default"_s, &api, registered.callback());
    return registered.result().value();
}

/// Of this process's connections to that port: whether each sends without delay.
QList<bool> promptConnectionsTo(quint16 port)
{
    QList<bool> prompt;
    for (const QString &name :
         QDir(u"/dev/fd"_s).entryList(QDir::AllEntries | QDir::System | QDir::NoDotAndDotDot)) {
        sockaddr_in peer = {};
        socklen_t size = sizeof peer;
        if (::getpeername(name.toInt(), reinterpret_cast<sockaddr *>(&peer), &size) != 0 ||
            peer.sin_family != AF_INET || ntohs(peer.sin_port) != port)
            continue;
        int on = 0;
        size = sizeof on;
        ::getsockopt(name.toInt(), IPPROTO_TCP, TCP_NODELAY, &on, &size);
        prompt << (on != 0);
    }
    return prompt;
}

QString pathOfLast(const SandboxProcess &sandbox, const QString &event)
{
    return sandbox.events(event).last()[u"path"_s].toString();
}

} // namespace

/// What a CloudApi asks of a backend that keeps the contract, on which paths, and what it makes of refusals.
class TestCloudApi : public QObject {
    Q_OBJECT

private slots:
    void createsWithHintAndWorkspace();
    void registersAndBeats();
    void sendsLogs();
    void doesNotWaitBeforeItSendsTheRest();
    void reportsTheEnd();
    void reportsFailureByTheSlugAlone();
    void sortsFailures_data();
    void sortsFailures();
    void isRefusedWithAWrongToken();
    void doesNotFindTheForgotten();
    void tellsWhyItWasRefused();
    void fallsBackToTheCommonPaths_data();
    void fallsBackToTheCommonPaths();
    void staysOnTheInstancesPath();
    void leavesTheCommonPathWhenItIsGone();
};

void TestCloudApi::createsWithHintAndWorkspace()
{
    SandboxProcess sandbox;
    QVERIFY(sandbox.start());
    CloudApiSettings settings = settingsFor(sandbox.apiUrl());
    settings.workspaceSlug = u"my & space/é"_s;
    CloudApi api(settings);
    Heard<Instance> created;
    api.createInstance(u"default"_s, u"my-gpu"_s, this, created.callback());
    const auto instance = created.result();
    QVERIFY2(instance, qPrintable(reasonOf(instance)));
    QCOMPARE(instance->slug, u"my-gpu"_s);
    QVERIFY(sandbox.waitForEvent(u"create"_s));
    const QJsonObject event = sandbox.events(u"create"_s).first();
    QCOMPARE(event[u"uuid"_s].toString(), instance->uuid);
    QCOMPARE(event[u"profile_slug"_s].toString(), u"default"_s);
    QCOMPARE(event[u"workspace_slug"_s].toString(), settings.workspaceSlug);
    const auto stopped = sandbox.stop();
    QVERIFY2(stopped, stopped ? "" : qPrintable(stopped.error().text()));
}

void TestCloudApi::registersAndBeats()
{
    SandboxProcess sandbox;
    QVERIFY(sandbox.start());
    CloudApi api(settingsFor(sandbox.apiUrl()));
    const Instance created = createdBy(api);
    Heard<Instance> registered;
    api.registerInstance(created.uuid, u"other"_s, this, registered.callback());
    QCOMPARE(registered.result().value(), created);
    Heard<void> beaten;
    api.heartbeat(created.uuid, this, beaten.callback());
    QVERIFY(beaten.result());
    QVERIFY(sandbox.waitForEvent(u"heartbeat"_s));
    QCOMPARE(sandbox.events(u"register"_s).first()[u"profile_slug"_s].toString(), u"other"_s);
    QVERIFY(sandbox.stop());
}

void TestCloudApi::sendsLogs()
{
    SandboxProcess sandbox;
    QVERIFY(sandbox.start());
    CloudApiSettings settings = settingsFor(sandbox.apiUrl());
    settings.workspaceSlug = u"w"_s;
    CloudApi api(settings);
    const Instance instance = createdBy(api);
    const QByteArray text = "line 1\n\"quoted\"\täöü 🚀\n";
    Heard<void> out;
    api.sendLog(instance, LogStream::Stdout, text, this, out.callback());
    QVERIFY(out.result());
    Heard<void> err;
    api.sendLog(instance, LogStream::Stderr, "oops", this, err.callback());
    QVERIFY(err.result());
    QCOMPARE(sandbox.log(instance.uuid, u"stdout"_s).value(), text);
    QCOMPARE(sandbox.log(instance.uuid, u"stderr"_s).value(), QByteArray("oops"));
    QVERIFY(sandbox.waitForEvent(u"log"_s));
    const QJsonObject event = sandbox.events(u"log"_s).first();
    QCOMPARE(event[u"workspace_slug"_s].toString(), u"w"_s);
    QCOMPARE(event[u"instance_uuid"_s].toString(), instance.uuid);
    QVERIFY(sandbox.stop());
}

/// A network with large packets holds back what fills none, and Qt's client lets it: 40 ms a request.
void TestCloudApi::doesNotWaitBeforeItSendsTheRest()
{
    SandboxProcess sandbox;
    QVERIFY(sandbox.start());
    CloudApi api(settingsFor(sandbox.apiUrl()));
    createdBy(api);
    QCOMPARE(promptConnectionsTo(static_cast<quint16>(sandbox.apiUrl().port())), QList<bool>{true});
    QVERIFY(sandbox.stop());
}

void TestCloudApi::reportsTheEnd()
{
    SandboxProcess sandbox;
    QVERIFY(sandbox.start());
    CloudApi api(settingsFor(sandbox.apiUrl()));
    const Instance instance = readyInstance(api);
    Heard<void> failed;
    api.reportFailed(instance, u"no GPU: \"cuda\""_s, this, failed.callback());
    QVERIFY(failed.result());
    Heard<void> terminated;
    api.reportTerminated(instance, this, terminated.callback());
    QVERIFY(terminated.result());
    QVERIFY(sandbox.waitForEvent(u"terminated"_s));
    QCOMPARE(sandbox.events(u"failed"_s).first()[u"error"_s].toString(), u"no GPU: \"cuda\""_s);
    QVERIFY(pathOfLast(sandbox, u"terminated"_s).contains(instance.uuid));
    QVERIFY(sandbox.stop());
}

void TestCloudApi::reportsFailureByTheSlugAlone()
{
    SandboxProcess sandbox;
    QVERIFY(sandbox.start());
    CloudApi api(settingsFor(sandbox.apiUrl()));
    const Instance instance = createdBy(api);
    Heard<void> failed;
    api.reportFailed({{}, instance.slug}, u"no GPU"_s, this, failed.callback());
    QVERIFY(failed.result());
    QVERIFY(sandbox.waitForEvent(u"failed"_s));
    QCOMPARE(sandbox.events(u"failed"_s).first()[u"uuid"_s].toString(), instance.uuid);
    QVERIFY(sandbox.stop());
}

void TestCloudApi::sortsFailures_data()
{
    QTest::addColumn<QString>("fault");
    QTest::addColumn<Kind>("kind");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("words");
    QTest::newRow("a rejected token") << u"401"_s << Kind::Unauthorized << 401 << u"CYBERWAVE_API_TOKEN"_s;
    QTest::newRow("another's workspace") << u"403"_s << Kind::Unauthorized << 403 << u"workspace"_s;
    QTest::newRow("an unknown instance") << u"404"_s << Kind::NotFound << 404 << u"HTTP 404"_s;
    QTest::newRow("a bad request") << u"400"_s << Kind::Refused << 400 << u"told to answer 400"_s;
    QTest::newRow("a conflict") << u"409"_s << Kind::Refused << 409 << u"told to answer 409"_s;
    QTest::newRow("too many requests") << u"429"_s << Kind::Unavailable << 429 << u"HTTP 429"_s;
    QTest::newRow("an internal error") << u"500"_s << Kind::Unavailable << 500 << u"HTTP 500"_s;
    QTest::newRow("a bad gateway") << u"502"_s << Kind::Unavailable << 502 << u"HTTP 502"_s;
    QTest::newRow("no answer") << u"hang"_s << Kind::Unavailable << 0 << u"does not answer"_s;
    QTest::newRow("half an answer") << u"close"_s << Kind::Unavailable << 0 << u"connection was closed"_s;
    QTest::newRow("no JSON") << u"badjson"_s << Kind::Unavailable << 200 << u"not JSON"_s;
    QTest::newRow("an empty answer") << u"empty"_s << Kind::Unavailable << 200 << u"empty"_s;
}

void TestCloudApi::sortsFailures()
{
    QFETCH(QString, fault);
    QFETCH(Kind, kind);
    QFETCH(int, status);
    QFETCH(QString, words);
    SandboxProcess sandbox;
    QVERIFY(sandbox.start());
    CloudApi patientApi(settingsFor(sandbox.apiUrl()));
    const Instance instance = readyInstance(patientApi);
    QVERIFY(sandbox.fail({u"heartbeat="_s + fault + u":1"_s}));

    CloudApi api(settingsFor(sandbox.apiUrl(), fault == u"hang"_s ? 200ms : 30s));
    Heard<void> beaten;
    api.heartbeat(instance.uuid, this, beaten.callback());
    const auto result = beaten.result();
    QVERIFY(!result);
    QVERIFY(failedAs(kind, result));
    QCOMPARE(statusOf(result), status);
    QVERIFY2(reasonOf(result).contains(words), qPrintable(reasonOf(result)));
    QVERIFY2(!reasonOf(result).contains(QString::fromLatin1(token)), qPrintable(reasonOf(result)));
    QVERIFY(result.error().error.where.startsWith(sandbox.apiUrl().toString()));
    QCOMPARE(result.error().retryAfter.has_value(), status == 429);
    if (status == 429)
        QCOMPARE(*result.error().retryAfter, 1s);

    // A request given up early may not have met its fault, which is then not for the next one.
    QVERIFY(sandbox.fail({u"heartbeat=none"_s}));
    Heard<void> again; // the connection or its successor is in order
    patientApi.heartbeat(instance.uuid, this, again.callback());
    QVERIFY(again.result());
    QVERIFY(sandbox.stop());
}

void TestCloudApi::isRefusedWithAWrongToken()
{
    SandboxProcess sandbox({u"--token"_s, u"another"_s});
    QVERIFY(sandbox.start());
    CloudApi api(settingsFor(sandbox.apiUrl()));
    Heard<Instance> created;
    api.createInstance(u"default"_s, {}, this, created.callback());
    const auto result = created.result();
    QVERIFY(!result);
    QVERIFY(failedAs(Kind::Unauthorized, result));
    QVERIFY2(reasonOf(result).contains(u"Invalid token."_s), qPrintable(reasonOf(result)));
    QVERIFY(sandbox.waitForEvent(u"unauthorized"_s));
    QVERIFY(sandbox.stop());
}

void TestCloudApi::doesNotFindTheForgotten()
{
    SandboxProcess sandbox;
    QVERIFY(sandbox.start());
    CloudApi api(settingsFor(sandbox.apiUrl()));
    const Instance instance = readyInstance(api);
    QVERIFY(sandbox.forget(instance.uuid));
    Heard<void> beaten;
    api.heartbeat(instance.uuid, this, beaten.callback());
    QVERIFY(failedAs(Kind::NotFound, beaten.result()));
    Heard<Instance> registered;
    api.registerInstance(instance.uuid, u"default"_s, this, registered.callback());
    QVERIFY(failedAs(Kind::NotFound, registered.result()));
    Heard<void> logged; // neither path knows it
    api.sendLog(instance, LogStream::Stdout, "x", this, logged.callback());
    QVERIFY(failedAs(Kind::NotFound, logged.result()));
    QVERIFY(sandbox.stop());
}

void TestCloudApi::tellsWhyItWasRefused()
{
    SandboxProcess sandbox;
    QVERIFY(sandbox.start());
    CloudApi api(settingsFor(sandbox.apiUrl()));
    const Instance first = createdBy(api);
    Heard<Instance> second;
    api.createInstance(u"default"_s, first.slug, this, second.callback());
    const auto result = second.result();
    QVERIFY(failedAs(Kind::Refused, result));
    QVERIFY2(reasonOf(result).contains(u"already exists"_s), qPrintable(reasonOf(result)));
    QVERIFY(sandbox.stop());
}

void TestCloudApi::fallsBackToTheCommonPaths_data()
{
    QTest::addColumn<QString>("action");
    QTest::newRow("log") << u"log"_s;
    QTest::newRow("terminated") << u"terminated"_s;
    QTest::newRow("failed") << u"failed"_s;
}

void TestCloudApi::fallsBackToTheCommonPaths()
{
    QFETCH(QString, action);
    SandboxProcess sandbox({u"--legacy-paths"_s});
    QVERIFY(sandbox.start());
    CloudApi api(settingsFor(sandbox.apiUrl()));
    const Instance instance = createdBy(api);
    for (int i = 1; i <= 3; ++i) {
        Heard<void> said;
        if (action == u"log"_s)
            api.sendLog(instance, LogStream::Stdout, "x", this, said.callback());
        else if (action == u"terminated"_s)
            api.reportTerminated(instance, this, said.callback());
        else
            api.reportFailed(instance, u"x"_s, this, said.callback());
        const auto result = said.result();
        QVERIFY2(result, qPrintable(reasonOf(result)));
        WAIT_FOR_EQUAL(sandbox.events(action).size(), i);
        QCOMPARE(pathOfLast(sandbox, action), u"/api/v1/cloud-node/"_s + action);
    }
    QCOMPARE(sandbox.events(u"refused"_s).size(), 1); // asked once, then remembered
    QVERIFY(sandbox.stop());
}

void TestCloudApi::staysOnTheInstancesPath()
{
    SandboxProcess sandbox;
    QVERIFY(sandbox.start());
    CloudApi api(settingsFor(sandbox.apiUrl()));
    const Instance instance = createdBy(api);
    QVERIFY(sandbox.fail({u"log=503:1"_s}));
    Heard<void> failed; // no reason to try elsewhere
    api.sendLog(instance, LogStream::Stdout, "x", this, failed.callback());
    QCOMPARE(statusOf(failed.result()), 503);
    Heard<void> said;
    api.sendLog(instance, LogStream::Stdout, "x", this, said.callback());
    QVERIFY(said.result());
    QVERIFY(sandbox.waitForEvent(u"log"_s));
    QVERIFY(pathOfLast(sandbox, u"log"_s).contains(instance.uuid));
    QCOMPARE(sandbox.events(u"fault"_s).size(), 1);
    QVERIFY(sandbox.stop());
}

void TestCloudApi::leavesTheCommonPathWhenItIsGone()
{
    bool upgraded = false;
    CannedServer server([&](const QByteArray &request) {
        const bool common = request.startsWith("POST /api/v1/cloud-node/log ");
        return common == upgraded ? CannedServer::response(405, "{}") : CannedServer::response(200, "{}");
    });
    CloudApi api(settingsFor(server.url()));
    for (const bool isUpgraded : {false, true}) {
        upgraded = isUpgraded;
        Heard<void> said;
        api.sendLog({u"u"_s, u"s"_s}, LogStream::Stdout, "x", this, said.callback());
        QVERIFY(said.result());
        QCOMPARE(server.requests().size(), isUpgraded ? 4 : 2);
    }
    Heard<void> said;
    api.sendLog({u"u"_s, u"s"_s}, LogStream::Stdout, "x", this, said.callback());
    QVERIFY(said.result());
    QCOMPARE(server.requests().size(), 5);
}

QTEST_GUILESS_MAIN(TestCloudApi)
#include "tst_cloudapi.moc"
