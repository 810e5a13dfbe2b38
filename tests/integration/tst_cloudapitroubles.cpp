#include "integration/cloudapitest.h"
#include "support/cannedserver.h"
#include "support/sandboxprocess.h"

#include <QTcpServer>
#include <QTcpSocket>
#include <QTest>
#include <QTimer>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;
using namespace cloudnode;
using namespace cloudnode::test;
using Kind = CloudError::Kind;

/// What a CloudApi makes of answers, addresses and tokens that are not as they should be, and of a context or
/// an api that goes before its answer comes.
class TestCloudApiTroubles : public QObject {
    Q_OBJECT

private slots:
    void doesNotReachAClosedPort();
    void followsNoRedirect();
    void refusesStrangeAnswers_data();
    void refusesStrangeAnswers();
    void toleratesARegistrationWithoutDetails();
    void givesUpOnAnAnswerWithoutEnd();
    void sendsNothingTwice();
    void putsThePathBehindThatOfTheUrl();
    void hidesTheTokenThatTheBackendRepeats();
    void sendsNoTokenThatIsNone();
    void neverCallsBackAtOnce();
    void leavesADestroyedContextAlone();
    void dropsCallbacksWhenDestroyed();
    void mayBeDestroyedByACallback();
};

void TestCloudApiTroubles::doesNotReachAClosedPort()
{
    CloudApi api(settingsFor(QUrl(u"http://127.0.0.1:1"_s))); // a reserved port, nobody listens there
    Heard<void> beaten;
    api.heartbeat(u"u"_s, this, beaten.callback());
    const auto result = beaten.result();
    QVERIFY(failedAs(Kind::Unavailable, result));
    QCOMPARE(statusOf(result), 0);
    QVERIFY2(reasonOf(result).contains(u"cannot be reached"_s), qPrintable(reasonOf(result)));
}

void TestCloudApiTroubles::followsNoRedirect()
{
    for (const int status : {301, 302, 307, 308}) {
        SandboxProcess sandbox({u"--fail"_s, u"create=%1"_s.arg(status)});
        QVERIFY(sandbox.start());
        CloudApi api(settingsFor(sandbox.apiUrl()));
        Heard<Instance> created;
        api.createInstance(u"default"_s, {}, this, created.callback());
        const auto result = created.result();
        QVERIFY(failedAs(Kind::Unavailable, result));
        QCOMPARE(statusOf(result), status);
        QVERIFY2(reasonOf(result).contains(u"/redirected"_s), qPrintable(reasonOf(result)));
        const auto stopped = sandbox.stop(); // whoever follows it breaks the contract
        QVERIFY2(stopped, stopped ? "" : qPrintable(stopped.error().text()));
    }
}

void TestCloudApiTroubles::refusesStrangeAnswers_data()
{
    QTest::addColumn<QByteArray>("answer");
    QTest::addColumn<QString>("words");
    const auto ok = [](const QByteArray &body) { return CannedServer::response(200, body); };
    QTest::newRow("no uuid") << ok(R"({"slug":"s"})") << u"no \"uuid\""_s;
    QTest::newRow("an empty uuid") << ok(R"({"uuid":"","slug":"s"})") << u"no \"uuid\""_s;
    QTest::newRow("a uuid that is a number") << ok(R"({"uuid":1,"slug":"s"})") << u"no \"uuid\""_s;
    QTest::newRow("no slug") << ok(R"({"uuid":"u"})") << u"no \"slug\""_s;
    QTest::newRow("a list") << ok("[]") << u"not an object"_s;
    QTest::newRow("no success") << ok(R"({"uuid":"u","slug":"s","success":false,"message":"full"})")
                                << u"full"_s;
    QTest::newRow("no content") << CannedServer::response(204, {}) << u"empty"_s;
    QTest::newRow("a body without end in sight") << ok(QByteArray(3 * 1024 * 1024, ' ')) << u"larger than"_s;
    QTest::newRow("no HTTP") << QByteArray("SSH-2.0-OpenSSH_9.2\r\n\r\n") << u"connection was closed"_s;
    QTest::newRow("half a header") << QByteArray("HTTP/1.1 200 OK\r\nContent-") << u"connection was closed"_s;
}

void TestCloudApiTroubles::refusesStrangeAnswers()
{
    QFETCH(QByteArray, answer);
    QFETCH(QString, words);
    CannedServer server([&](const QByteArray &) { return answer; });
    CloudApi api(settingsFor(server.url()));
    Heard<Instance> created;
    api.createInstance(u"default"_s, {}, this, created.callback());
    const auto result = created.result();
    QVERIFY(!result);
    QVERIFY(failedAs(Kind::Unavailable, result));
    QVERIFY2(reasonOf(result).contains(words), qPrintable(reasonOf(result)));
    QCOMPARE(server.requests().size(), 1);
}

void TestCloudApiTroubles::toleratesARegistrationWithoutDetails()
{
    CannedServer server([&](const QByteArray &) { return CannedServer::response(201, "{}"); });
    CloudApi api(settingsFor(server.url()));
    Heard<Instance> registered;
    api.registerInstance(u"u"_s, u"default"_s, this, registered.callback());
    QCOMPARE(registered.result().value(), (Instance{u"u"_s, {}}));
}

void TestCloudApiTroubles::givesUpOnAnAnswerWithoutEnd()
{
    QTcpServer server;
    QVERIFY(server.listen(QHostAddress::LocalHost));
    QTimer drip; // each byte comes well within the time in which something must move
    connect(&server, &QTcpServer::newConnection, this, [&] {
        QTcpSocket *socket = server.nextPendingConnection();
        socket->write("HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n");
        connect(&drip, &QTimer::timeout, socket, [socket] { socket->write(" "); });
        drip.start(10ms);
    });
    CloudApi api(settingsFor(QUrl(u"http://127.0.0.1:%1"_s.arg(server.serverPort())), 500ms));
    Heard<void> beaten;
    api.heartbeat(u"u"_s, this, beaten.callback());
    const auto result = beaten.result();
    QVERIFY(failedAs(Kind::Unavailable, result));
}

void TestCloudApiTroubles::sendsNothingTwice()
{
    CannedServer server([](const QByteArray &) { return QByteArray(); }); // as if it had died at work
    CloudApi api(settingsFor(server.url()));
    Heard<Instance> created;
    api.createInstance(u"default"_s, {}, this, created.callback());
    const auto result = created.result();
    QVERIFY(failedAs(Kind::Unavailable, result));
    QVERIFY2(reasonOf(result).contains(u"connection was closed"_s), qPrintable(reasonOf(result)));
    QCOMPARE(server.requests().size(), 1);
}

void TestCloudApiTroubles::putsThePathBehindThatOfTheUrl()
{
    CannedServer server([](const QByteArray &) { return CannedServer::response(200, "{}"); });
    CloudApi api(settingsFor(QUrl(server.url().toString() + u"/behind/a%20proxy/"_s)));
    Heard<void> beaten;
    api.heartbeat(u"a/b?c"_s, this, beaten.callback());
    QVERIFY(beaten.result());
    const QByteArray line = server.requests().first().split('\r').first();
    QCOMPARE(line, QByteArray("POST /behind/a%20proxy/api/v1/cloud-node/a%2Fb%3Fc/heartbeat HTTP/1.1"));
}

void TestCloudApiTroubles::hidesTheTokenThatTheBackendRepeats()
{
    CannedServer server([](const QByteArray &) {
        return CannedServer::response(403, R"({"message":"Token sandbox-token may not do this"})");
    });
    CloudApi api(settingsFor(server.url()));
    Heard<void> beaten;
    api.heartbeat(u"u"_s, this, beaten.callback());
    const QString reason = reasonOf(beaten.result());
    QVERIFY2(reason.contains(u"may not do this"_s), qPrintable(reason));
    QVERIFY2(!reason.contains(QString::fromLatin1(token)), qPrintable(reason));
    QVERIFY(server.requests().first().contains("Authorization: Token sandbox-token\r\n"));
}

void TestCloudApiTroubles::sendsNoTokenThatIsNone()
{
    CannedServer server([](const QByteArray &) { return CannedServer::response(200, "{}"); });
    for (const QString &bad : {u""_s, u"a\r\nX-Admin: yes"_s, u"a b"_s, u"tökén"_s}) {
        CloudApiSettings settings = settingsFor(server.url());
        settings.rest.token = bad;
        CloudApi api(settings);
        Heard<void> beaten;
        api.heartbeat(u"u"_s, this, beaten.callback());
        QCOMPARE(beaten.count(), 0);
        const auto result = beaten.result();
        QVERIFY(failedAs(Kind::Unauthorized, result));
        QVERIFY(bad.isEmpty() || !reasonOf(result).contains(bad));
    }
    QCOMPARE(server.requests().size(), 0);
}

void TestCloudApiTroubles::neverCallsBackAtOnce()
{
    CannedServer server(
        [](const QByteArray &) { return CannedServer::response(200, R"({"uuid":"u","slug":"s"})"); });
    for (const QUrl &url : {server.url(), QUrl(u"http://127.0.0.1:1"_s), QUrl(u"nonsense://x"_s), QUrl()}) {
        CloudApi api(settingsFor(url));
        Heard<Instance> instances;
        Heard<void> others;
        const Instance instance{u"u"_s, u"s"_s};
        api.createInstance(u"p"_s, {}, this, instances.callback());
        api.registerInstance(u"u"_s, u"p"_s, this, instances.callback());
        api.heartbeat(u"u"_s, this, others.callback());
        api.sendLog(instance, LogStream::Stdout, "x", this, others.callback());
        api.reportTerminated(instance, this, others.callback());
        api.reportFailed(instance, u"x"_s, this, others.callback());
        QCOMPARE(instances.count() + others.count(), 0);
        WAIT_FOR_EQUAL(instances.count(), 2);
        WAIT_FOR_EQUAL(others.count(), 4);
    }
}

void TestCloudApiTroubles::leavesADestroyedContextAlone()
{
    auto context = std::make_unique<QObject>();
    CannedServer server([&](const QByteArray &) {
        context.reset(); // while the request is on its way
        return CannedServer::response(200, "{}");
    });
    CloudApi api(settingsFor(server.url()));
    Heard<void> orphaned;
    api.heartbeat(u"u"_s, context.get(), orphaned.callback());
    WAIT_FOR(!context);
    Heard<void> next;
    api.heartbeat(u"u"_s, this, next.callback());
    QVERIFY(next.result());
    QCOMPARE(orphaned.count(), 0);
}

void TestCloudApiTroubles::dropsCallbacksWhenDestroyed()
{
    SandboxProcess sandbox({u"--fail"_s, u"create=hang:1"_s});
    QVERIFY(sandbox.start());
    Heard<Instance> dropped;
    {
        CloudApi api(settingsFor(sandbox.apiUrl()));
        api.createInstance(u"default"_s, {}, this, dropped.callback());
        QVERIFY(sandbox.waitForEvent(u"fault"_s));
    }
    CloudApi api(settingsFor(sandbox.apiUrl()));
    createdBy(api);
    QCOMPARE(dropped.count(), 0);
    QVERIFY(sandbox.stop());
}

void TestCloudApiTroubles::mayBeDestroyedByACallback()
{
    CannedServer server([](const QByteArray &) { return CannedServer::response(404, "{}"); });
    auto api = std::make_unique<CloudApi>(settingsFor(server.url()));
    int calls = 0;
    api->sendLog({u"u"_s, u"s"_s}, LogStream::Stdout, "x", this, [&](const CloudResult<void> &) {
        ++calls;
        api.reset();
    });
    WAIT_FOR_EQUAL(calls, 1);
    QVERIFY(!api);
}

QTEST_GUILESS_MAIN(TestCloudApiTroubles)
#include "tst_cloudapitroubles.moc"
