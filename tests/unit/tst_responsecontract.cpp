#include "sandbox/responsecontract.h"

#include <QTest>

using namespace Qt::Literals::StringLiterals;
using cloudnode::sandbox::checkResponse;

class TestResponseContract : public QObject {
    Q_OBJECT

private slots:
    void judges_data();
    void judges();
};

namespace {

const QByteArray self = R"("slug":"s","instance_uuid":"u")";

QByteArray about(const QByteArray &state, const QByteArray &success, const QByteArray &code)
{
    return R"("workload":{"pid":1,"type":"training","status":")" + state + R"(","success":)" + success +
           R"(,"exit_code":)" + code +
           R"(,"signal":null,"started_at":null,"ended_at":null,"duration_seconds":null,"output_truncated":false})";
}

} // namespace

void TestResponseContract::judges_data()
{
    QTest::addColumn<QByteArray>("payload");
    QTest::addColumn<QString>("problem"); // empty: none
    const QByteArray ok = R"({"status":"ok","request_id":"r",)" + self;
    const QByteArray error = R"({"status":"error","request_id":"r",)" + self;
    QTest::newRow("text") << ok + R"(,"output":"x"})" << QString();
    QTest::newRow("an object") << ok + R"(,"output":{}})" << QString();
    QTest::newRow("an error") << error + R"(,"error":"x"})" << QString();
    QTest::newRow("the will") << R"({"status":"error","request_id":null,)" + self + R"(,"error":"x"})"
                              << QString();
    QTest::newRow("completed") << ok + R"(,"output":"x",)" + about("completed", "true", "0") + "}"
                               << QString();
    QTest::newRow("lost") << error + R"(,"error":"x",)" + about("lost", "false", "null") + "}" << QString();
    QTest::newRow("no JSON") << QByteArray("x") << u"not a JSON object"_s;
    QTest::newRow("another status") << QByteArray(R"({"status":"fine"})") << u"status is 'fine'"_s;
    QTest::newRow("no request") << R"({"status":"ok",)" + self + "}" << u"no request_id"_s;
    QTest::newRow("no slug") << QByteArray(R"({"status":"ok","request_id":"r"})") << u"no slug"_s;
    QTest::newRow("somebody else's topic")
        << QByteArray(R"({"status":"ok","request_id":"r","slug":"s","instance_uuid":"v"})")
        << u"instance_uuid"_s;
    QTest::newRow("an error that is ok") << ok + R"(,"error":"x"})" << u"error belongs"_s;
    QTest::newRow("an error without words") << error + "}" << u"error belongs"_s;
    QTest::newRow("a list as output") << ok + R"(,"output":[]})" << u"neither text nor an object"_s;
    QTest::newRow("half a workload") << ok + R"(,"workload":{"pid":1}})" << u"workload has no"_s;
    QTest::newRow("an unknown state") << ok + "," + about("done", "false", "0") + "}" << u"workload.status"_s;
    QTest::newRow("a lie") << ok + "," + about("failed", "true", "1") + "}" << u"does not fit"_s;
    QTest::newRow("a guess") << error + R"(,"error":"x",)" + about("lost", "false", "0") + "}"
                             << u"exit_code"_s;
}

void TestResponseContract::judges()
{
    QFETCH(QByteArray, payload);
    QFETCH(QString, problem);
    const auto checked = checkResponse(u"u"_s, payload);
    QCOMPARE(checked.has_value(), problem.isEmpty());
    if (!checked)
        QVERIFY2(checked.error().what.contains(problem), qPrintable(checked.error().what));
}

QTEST_GUILESS_MAIN(TestResponseContract)
#include "tst_responsecontract.moc"
