#include "sandbox/contract.h"
#include "sandbox/restendpoints.h"

#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode::sandbox;

Q_DECLARE_METATYPE(cloudnode::sandbox::Operation)

namespace {

const QString root = u"/api/v1/cloud-node"_s;
const QString workloads = u"-workloads/w"_s; // behind the root
const QString uuid = u"6c03af00-cf59-4a64-96c0-c4746bda05ba"_s;

Request post(const QString &path, const QByteArray &body, const QString &query = {})
{
    return {"POST",
            root + path,
            QUrlQuery(query),
            {{"Host", "127.0.0.1"},
             {"authorization", "Token sandbox-token"}, // names of headers have no case
             {"Content-Type", "application/json"},
             {"Accept", "application/json"}},
            body};
}

Request get(const QString &path, const QString &query = {})
{
    Request request = post(path, {}, query);
    request.method = "GET";
    return request;
}

Request put(const QString &path, const QByteArray &body)
{
    Request request = post(path, body);
    request.method = "PUT";
    return request;
}

Request withHeader(const QByteArray &name, const QByteArray &value)
{
    Request request = post(u"/u/heartbeat"_s, "{}");
    request.headers.removeIf([&](const auto &header) { return header.first.toLower() == name.toLower(); });
    if (!value.isEmpty())
        request.headers.append({name, value});
    return request;
}

} // namespace

class TestSandboxContract : public QObject {
    Q_OBJECT

private slots:
    void accepts_data();
    void accepts();
    void refuses_data();
    void refuses();
    void thePathSaysTheStatus();
    void neverRepeatsTheToken();
    void tellsTheInstancesOwnPaths();
    void operationNamesAreReversible();
};

void TestSandboxContract::accepts_data()
{
    QTest::addColumn<Request>("request");
    QTest::addColumn<Operation>("operation");
    QTest::addColumn<QString>("uuidInPath");
    const QString own = u'/' + uuid;
    QTest::newRow("create") << post({}, R"({"profile_slug":"default"})") << Operation::Create << QString();
    QTest::newRow("create with all there is")
        << post(
               {},
               R"({"profile_slug":"p","slug":"s","workspace_uuid":"w","provider":"gcp","visibility":"private"})",
               u"workspace_slug=my%20space"_s)
        << Operation::Create << QString();
    QTest::newRow("register") << post(own + u"/register"_s, R"({"profile_slug":"p"})") << Operation::Register
                              << uuid;
    QTest::newRow("heartbeat") << post(own + u"/heartbeat"_s, "{}") << Operation::Heartbeat << uuid;
    QTest::newRow("log at the instance's path")
        << post(own + u"/log"_s, R"({"log_type":"stdout","log_content":"a"})") << Operation::Log << uuid;
    QTest::newRow("an empty log") << post(own + u"/log"_s, R"({"log_type":"stderr","log_content":""})")
                                  << Operation::Log << uuid;
    QTest::newRow("log at the common path")
        << post(u"/log"_s, R"({"log_type":"stdout","log_content":"a","slug":"s","workspace_slug":"w"})")
        << Operation::Log << QString();
    QTest::newRow("terminated at the instance's path")
        << post(own + u"/terminated"_s, "{\"instance_uuid\":\"" + uuid.toLatin1() + "\"}")
        << Operation::Terminated << uuid;
    QTest::newRow("terminated at the common path")
        << post(u"/terminated"_s, R"({"instance_uuid":"u"})") << Operation::Terminated << QString();
    QTest::newRow("failed at the instance's path")
        << post(own + u"/failed"_s, R"({"error":"no GPU"})") << Operation::Failed << uuid;
    QTest::newRow("failed at the common path")
        << post(u"/failed"_s, R"({"error":"no GPU","slug":"s"})") << Operation::Failed << QString();
    QTest::newRow("list") << get(u"/instances"_s) << Operation::Instances << QString();
    QTest::newRow("list, filtered") << get(u"/instances"_s, u"profile_slug=p&status=ready&workspace_slug=w"_s)
                                    << Operation::Instances << QString();
    QTest::newRow("a uuid with odd characters")
        << post(u"/a%2Fb/heartbeat"_s, "{}") << Operation::Heartbeat << u"a/b"_s;
    QTest::newRow("a workload") << get(workloads, u"workspace_slug=w"_s) << Operation::Workload << u"w"_s;
    QTest::newRow("a workload's status") << put(workloads, R"({"status":"running","instance_uuid":"u"})")
                                         << Operation::WorkloadStatus << u"w"_s;
    QTest::newRow("complete without a body")
        << post(workloads + u"/complete"_s, {}) << Operation::WorkloadStatus << u"w"_s;
    QTest::newRow("complete with all there is")
        << post(workloads + u"/complete"_s, R"({"result":{"a":1},"success":false})")
        << Operation::WorkloadStatus << u"w"_s;
    QTest::newRow("fail without a reason")
        << post(workloads + u"/fail"_s, {}) << Operation::WorkloadStatus << u"w"_s;
    QTest::newRow("cancel with all there is")
        << post(workloads + u"/cancel"_s, R"({"message":"m","signal":"SIGTERM","pid":7})")
        << Operation::WorkloadStatus << u"w"_s;
    QTest::newRow("fail") << post(workloads + u"/fail"_s, R"({"error":"oops"})") << Operation::WorkloadStatus
                          << u"w"_s;
    QTest::newRow("cancel") << post(workloads + u"/cancel"_s, "{}") << Operation::WorkloadStatus << u"w"_s;
    QTest::newRow("a place for a file")
        << post(workloads + u"/attachments"_s, R"({"filename":"runs/1/model.pt"})") << Operation::SignedUrl
        << u"w"_s;
    QTest::newRow("results") << post(workloads + u"/upload-results"_s,
                                     R"({"filenames":["a"],"signed_urls":["u"],"attachment_uuids":["x"]})")
                             << Operation::UploadResults << u"w"_s;
}

void TestSandboxContract::accepts()
{
    QFETCH(Request, request);
    QFETCH(Operation, operation);
    QFETCH(QString, uuidInPath);
    const auto call = checkContract(request);
    QVERIFY2(call, call ? "" : qPrintable(call.error().text()));
    QCOMPARE(toString(call->operation), toString(operation));
    QCOMPARE(call->uuid, uuidInPath);
    QCOMPARE(call->token, u"sandbox-token"_s);
}

void TestSandboxContract::refuses_data()
{
    QTest::addColumn<Request>("request");
    QTest::addColumn<QString>("problem");
    const QByteArray profile = R"({"profile_slug":"p"})";
    QTest::newRow("an unknown path") << post(u"/u/dance"_s, "{}") << u"no such path"_s;
    QTest::newRow("a slash too many") << post(u"/u/heartbeat/"_s, "{}") << u"no such path"_s;
    QTest::newRow("no uuid in the path") << post(u"//heartbeat"_s, "{}") << u"no such path"_s;
    QTest::newRow("another method") << get(u"/u/heartbeat"_s) << u"GET is not a method"_s;
    QTest::newRow("no token") << withHeader("Authorization", {}) << u"Authorization came 0 times"_s;
    QTest::newRow("the SDK's kind of token") << withHeader("Authorization", "Bearer x") << u"Token <token>"_s;
    QTest::newRow("an empty token") << withHeader("Authorization", "Token ") << u"Token <token>"_s;
    QTest::newRow("two tokens") << withHeader("Authorization", "Token a b") << u"Token <token>"_s;
    QTest::newRow("no content type") << withHeader("Content-Type", {}) << u"Content-Type came 0 times"_s;
    QTest::newRow("a form") << withHeader("Content-Type", "application/x-www-form-urlencoded")
                            << u"expected \"application/json\""_s;
    QTest::newRow("any answer accepted") << withHeader("Accept", "*/*") << u"Accept is \"*/*\""_s;
    QTest::newRow("no JSON") << post(u"/u/heartbeat"_s, "{") << u"not JSON"_s;
    QTest::newRow("no body") << post(u"/u/heartbeat"_s, {}) << u"not JSON"_s;
    QTest::newRow("a list") << post(u"/u/heartbeat"_s, "[]") << u"not a JSON object"_s;
    QTest::newRow("a key too many") << post(u"/u/heartbeat"_s, R"({"busy":false})")
                                    << u"\"busy\" does not belong"_s;
    QTest::newRow("no profile on create") << post({}, "{}") << u"\"profile_slug\" is missing"_s;
    QTest::newRow("no profile on register")
        << post(u"/u/register"_s, "{}") << u"\"profile_slug\" is missing"_s;
    QTest::newRow("a profile that is a number")
        << post({}, R"({"profile_slug":1})") << u"\"profile_slug\" is not a string"_s;
    QTest::newRow("a hint that is null")
        << post({}, R"({"profile_slug":"p","slug":null})") << u"\"slug\" is not a string"_s;
    QTest::newRow("an empty hint") << post({}, R"({"profile_slug":"p","slug":""})") << u"\"slug\" is empty"_s;
    QTest::newRow("an unknown provider")
        << post({}, R"({"profile_slug":"p","provider":"moon"})") << u"expected one of self-hosted"_s;
    QTest::newRow("the workspace in the body of create")
        << post({}, R"({"profile_slug":"p","workspace_slug":"w"})")
        << u"\"workspace_slug\" does not belong"_s;
    QTest::newRow("the workspace in the query of register")
        << post(u"/u/register"_s, profile, u"workspace_slug=w"_s) << u"\"workspace_slug\" does not belong"_s;
    QTest::newRow("the workspace in the query of heartbeat")
        << post(u"/u/heartbeat"_s, "{}", u"workspace_slug=w"_s) << u"\"workspace_slug\" does not belong"_s;
    QTest::newRow("the workspace in the query of log")
        << post(u"/u/log"_s, R"({"log_type":"stdout","log_content":"a"})", u"workspace_slug=w"_s)
        << u"\"workspace_slug\" does not belong"_s;
    QTest::newRow("the workspace twice")
        << post({}, profile, u"workspace_slug=a&workspace_slug=b"_s) << u"came twice"_s;
    QTest::newRow("an empty workspace") << post({}, profile, u"workspace_slug="_s) << u"is empty"_s;
    QTest::newRow("a log without a type")
        << post(u"/u/log"_s, R"({"log_content":"a"})") << u"\"log_type\" is missing"_s;
    QTest::newRow("a log type of the backend's own")
        << post(u"/u/log"_s, R"({"log_type":"system","log_content":"a"})") << u"stdout, stderr"_s;
    QTest::newRow("a failure without a reason") << post(u"/u/failed"_s, "{}") << u"\"error\" is missing"_s;
    QTest::newRow("nobody's end") << post(u"/terminated"_s, "{}") << u"which instance"_s;
    QTest::newRow("one in the path, another in the body")
        << post(u"/u/terminated"_s, R"({"instance_uuid":"v"})") << u"the path says otherwise"_s;
    QTest::newRow("a status that is none")
        << put(workloads, R"({"status":"dancing","instance_uuid":"u"})") << u"expected one of running"_s;
    QTest::newRow("nobody's status") << put(workloads, R"({"status":"running"})")
                                     << u"\"instance_uuid\" is missing"_s;
    QTest::newRow("a success that is text")
        << post(workloads + u"/complete"_s, R"({"success":"yes"})") << u"neither true nor false"_s;
    QTest::newRow("a cancel that says more")
        << post(workloads + u"/cancel"_s, R"({"error":"oops"})") << u"\"error\" does not belong"_s;
    QTest::newRow("a failure that is a number")
        << post(workloads + u"/fail"_s, R"({"error":7})") << u"\"error\" is not a string"_s;
    const QString files = workloads + u"/attachments"_s;
    for (const char *name : {"/etc/passwd", "../a", "a/../b", "a//b", "./a", "a/"})
        QTest::addRow("the file %s", name)
            << post(files, QByteArray(R"({"filename":")") + name + "\"}") << u"not the relative path"_s;
    QTest::newRow("a file without a name") << post(files, R"({"filename":""})") << u"\"filename\" is empty"_s;
    const QString results = workloads + u"/upload-results"_s;
    QTest::newRow("no results") << post(results, R"({"filenames":[],"signed_urls":[],"attachment_uuids":[]})")
                                << u"is empty"_s;
    QTest::newRow("results that are not parallel")
        << post(results, R"({"filenames":["a","b"],"signed_urls":["u","v"],"attachment_uuids":["x"]})")
        << u"\"attachment_uuids\" has 1 entries, \"filenames\" has 2"_s;
    QTest::newRow("results that come twice")
        << post(results, R"({"filenames":["a","a"],"signed_urls":["u","v"],"attachment_uuids":["x","y"]})")
        << u"\"filenames\" comes twice"_s;
    QTest::newRow("results that are numbers")
        << post(results, R"({"filenames":[1],"signed_urls":["u"],"attachment_uuids":["x"]})")
        << u"not an array of strings"_s;
    Request getWithBody = get(u"/instances"_s);
    getWithBody.body = "{}";
    QTest::newRow("a GET with a body") << getWithBody << u"no body"_s;
}

void TestSandboxContract::refuses()
{
    QFETCH(Request, request);
    QFETCH(QString, problem);
    const auto call = checkContract(request);
    QVERIFY(!call);
    QVERIFY2(call.error().text().contains(problem), qPrintable(call.error().text()));
}

void TestSandboxContract::thePathSaysTheStatus()
{
    const auto complete = checkContract(post(workloads + u"/complete"_s, {})).value();
    QCOMPARE(complete.body, (QJsonObject{{u"status"_s, u"completed"_s}, {u"success"_s, true}}));
    const auto failed = checkContract(post(workloads + u"/complete"_s, R"({"success":false})")).value();
    QCOMPARE(failed.body[u"success"_s], false);
    const auto detailed = checkContract(
        post(workloads + u"/complete"_s, R"({"success":false,"result":{"exit_code":3,"status":"x"}})"));
    QCOMPARE(detailed.value().body[u"exit_code"_s], 3);
    QCOMPARE(detailed.value().body[u"status"_s], u"completed"_s);
    QCOMPARE(checkContract(post(workloads + u"/fail"_s, "{}")).value().body[u"status"_s], u"failed"_s);
    QCOMPARE(checkContract(post(workloads + u"/cancel"_s, "{}")).value().body[u"status"_s], u"cancelled"_s);
}

void TestSandboxContract::neverRepeatsTheToken()
{
    const auto call = checkContract(withHeader("Authorization", "Bearer hush"));
    QVERIFY(!call);
    QVERIFY(!call.error().text().contains(u"hush"_s));
}

void TestSandboxContract::tellsTheInstancesOwnPaths()
{
    QVERIFY(usesPathOfInstance({Operation::Log, u"u"_s, {}, {}, {}}));
    QVERIFY(!usesPathOfInstance({Operation::Log, {}, {}, {}, {}}));
    QVERIFY(!usesPathOfInstance({Operation::Heartbeat, u"u"_s, {}, {}, {}}));
}

void TestSandboxContract::operationNamesAreReversible()
{
    for (const QString &name :
         {u"create"_s, u"register"_s, u"heartbeat"_s, u"log"_s, u"terminated"_s, u"failed"_s, u"instances"_s,
          u"workload"_s, u"workload_status"_s, u"signed_url"_s, u"upload_results"_s, u"store"_s})
        QCOMPARE(toString(operationFromString(name).value()), name);
    QVERIFY(!operationFromString(u"Create"_s));
}

QTEST_GUILESS_MAIN(TestSandboxContract)
#include "tst_sandboxcontract.moc"
