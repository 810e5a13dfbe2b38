#include "cloud/cloudapi.h"
#include "support/cannedserver.h"
#include "support/sandboxprocess.h"
#include "support/waiting.h"

#include <QDir>
#include <QTcpSocket>
#include <QTest>
#include <QTimer>

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;
using namespace cloudnode;
using cloudnode::test::CannedServer;
using cloudnode::test::SandboxProcess;
using Kind = CloudError::Kind;

Q_DECLARE_METATYPE(cloudnode::CloudError::Kind)

namespace {

const QByteArray token = "sandbox-token";

CloudApiSettings settingsFor(const QUrl &url, std::chrono::milliseconds timeout = 30s)
{
    return {.rest = {.apiUrl = url, .token = QString::fromLatin1(token), .timeout = timeout},
            .workspaceSlug = {}};
}

/// Collects what a callback is called with.
template <typename T>
class Heard {
public:
    CloudCallback<T> callback()
    {
        return [this](const CloudResult<T> &result) { m_results << result; };
    }
    qsizetype count() const { return m_results.size(); }
    /// The one and only result; waits for it. Without one, or with more: an error that says so.
    CloudResult<T> result()
    {
        const bool heard = QTest::qWaitFor([this] { return count() > 0; }, patience);
        if (heard && count() == 1)
            return m_results.first();
        const QString what = u"the callback has been called %1 times"_s.arg(count());
        return tl::make_unexpected(CloudError{Kind::Refused, -1, {what, {}, {}}, {}});
    }

private:
    QList<CloudResult<T>> m_results;
};

template <typename T>
QString reasonOf(const CloudResult<T> &result)
{
    return result ? QString() : result.error().error.text();
}

/// Whether it is an error of that kind.
template <typename T>
bool failedAs(Kind kind, const CloudResult<T> &result)
{
    return !result && result.error().kind == kind;
}

/// The HTTP status of an error; -2: there is none.
template <typename T>
int statusOf(const CloudResult<T> &result)
{
    return result ? -2 : result.error().httpStatus;
}

Instance createdBy(CloudApi &api)
{
    Heard<Instance> created;
    api.createInstance(u"default"_s, {}, &api, created.callback());
    return created.result().value();
}

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
    void doesNotReachAClosedPort();
    void followsNoRedirect();
    void fallsBackToTheCommonPaths_data();
    void fallsBackToTheCommonPaths();
    void staysOnTheInstancesPath();
    void leavesTheCommonPathWhenItIsGone();
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

void TestCloudApi::doesNotReachAClosedPort()
{
    CloudApi api(settingsFor(QUrl(u"http://127.0.0.1:1"_s))); // a reserved port, nobody listens there
    Heard<void> beaten;
    api.heartbeat(u"u"_s, this, beaten.callback());
    const auto result = beaten.result();
    QVERIFY(failedAs(Kind::Unavailable, result));
    QCOMPARE(statusOf(result), 0);
    QVERIFY2(reasonOf(result).contains(u"cannot be reached"_s), qPrintable(reasonOf(result)));
}

void TestCloudApi::followsNoRedirect()
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

void TestCloudApi::refusesStrangeAnswers_data()
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

void TestCloudApi::refusesStrangeAnswers()
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

void TestCloudApi::toleratesARegistrationWithoutDetails()
{
    CannedServer server([&](const QByteArray &) { return CannedServer::response(201, "{}"); });
    CloudApi api(settingsFor(server.url()));
    Heard<Instance> registered;
    api.registerInstance(u"u"_s, u"default"_s, this, registered.callback());
    QCOMPARE(registered.result().value(), (Instance{u"u"_s, {}}));
}

void TestCloudApi::givesUpOnAnAnswerWithoutEnd()
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

void TestCloudApi::sendsNothingTwice()
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

void TestCloudApi::putsThePathBehindThatOfTheUrl()
{
    CannedServer server([](const QByteArray &) { return CannedServer::response(200, "{}"); });
    CloudApi api(settingsFor(QUrl(server.url().toString() + u"/behind/a%20proxy/"_s)));
    Heard<void> beaten;
    api.heartbeat(u"a/b?c"_s, this, beaten.callback());
    QVERIFY(beaten.result());
    const QByteArray line = server.requests().first().split('\r').first();
    QCOMPARE(line, QByteArray("POST /behind/a%20proxy/api/v1/cloud-node/a%2Fb%3Fc/heartbeat HTTP/1.1"));
}

void TestCloudApi::hidesTheTokenThatTheBackendRepeats()
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

void TestCloudApi::sendsNoTokenThatIsNone()
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

void TestCloudApi::neverCallsBackAtOnce()
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

void TestCloudApi::leavesADestroyedContextAlone()
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

void TestCloudApi::dropsCallbacksWhenDestroyed()
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

void TestCloudApi::mayBeDestroyedByACallback()
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

QTEST_GUILESS_MAIN(TestCloudApi)
#include "tst_cloudapi.moc"
