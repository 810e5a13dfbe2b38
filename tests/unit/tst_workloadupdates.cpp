#include "node/workloadupdates.h"

#include <QFile>
#include <QJsonDocument>
#include <QTemporaryDir>
#include <QTest>
#include <QTimeZone>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;
using namespace cloudnode;
using Outcome = WorkloadEnd::Outcome;

namespace {

const QDateTime noon(QDate(2026, 2, 4), QTime(12, 0), QTimeZone::utc());
const SecretMask mask({"s3cret-token"});

void write(const QString &path, const QByteArray &text)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
        qFatal("cannot write the test's log");
}

QJsonObject json(const QByteArray &text)
{
    return QJsonDocument::fromJson(text).object();
}

WorkloadEnd exited(int code)
{
    return {.outcome = Outcome::Exited, .exitCode = code, .at = noon};
}

} // namespace

/// What the backend is told about its workloads, as it is sent. Source: WIRE contract, "Workload status
/// updates".
class TestWorkloadUpdates : public QObject {
    Q_OBJECT

private slots:
    void tellsOfTheStart();
    void tellsOfFilesUnderWay();
    void tellsOfARefusal();
    void tellsOfTheEnd_data();
    void tellsOfTheEnd();
    void tellsOfACancellation_data();
    void tellsOfACancellation();
    void saysWhatTheWorkloadSaidLast_data();
    void saysWhatTheWorkloadSaidLast();
    void keepsWithinTheLengths();
    void cutsNoCharacterInTwo();
    void tellsNoSecret();

private:
    Workload workload(const QByteArray &out = "out\n", const QByteArray &err = {}) const;
    QJsonObject endOf(Workload workload, const WorkloadEnd &end) const
    {
        workload.end = end;
        return updates::end(workload, mask).toJson();
    }

    QTemporaryDir m_dir;
};

Workload TestWorkloadUpdates::workload(const QByteArray &out, const QByteArray &err) const
{
    Workload workload{
        .key = u"r1"_s,
        .spec = {.requestId = *RequestId::parse(u"r1"_s), .type = WorkloadType::Inference, .timeout = 60s},
        .start = WorkloadStart{3847, noon},
        .stdoutPath = m_dir.filePath(u"out"_s),
        .stderrPath = m_dir.filePath(u"err"_s)};
    write(workload.stdoutPath, out);
    write(workload.stderrPath, err);
    return workload;
}

void TestWorkloadUpdates::tellsOfTheStart()
{
    const WorkloadUpdate update = updates::running(workload());
    QCOMPARE(update.toJson(),
             json(R"({"status": "running", "message": "inference started in background", "pid": 3847})"));
    QVERIFY(!update.isFinal());
}

void TestWorkloadUpdates::tellsOfFilesUnderWay()
{
    const WorkloadUpdate update = updates::finalizing(workload(), 3);
    QCOMPARE(update.toJson().value("status"_L1), u"finalizing"_s);
    QCOMPARE(update.toJson().value("file_count"_L1), 3);
    QVERIFY(!update.isFinal());
}

void TestWorkloadUpdates::tellsOfARefusal()
{
    const WorkloadUpdate update = updates::refused(u"busy with r1"_s);
    QCOMPARE(update.toJson(),
             json(R"({"status": "failed", "error": "busy with r1", "failure_detail": "busy with r1"})"));
    QVERIFY(update.isFinal());
    QCOMPARE(updates::refused(QString(1000, u'x')).error.size(), updates::longestError);
}

void TestWorkloadUpdates::tellsOfTheEnd_data()
{
    QTest::addColumn<WorkloadEnd>("end");
    QTest::addColumn<QByteArray>("out");
    QTest::addColumn<QByteArray>("err");
    QTest::addColumn<QByteArray>("sent");
    const QByteArray nothing;
    QTest::newRow("well") << exited(0) << QByteArray("out\n") << QByteArray("careful\n")
                          << QByteArray(R"({"status": "completed", "success": true, "exit_code": 0})");
    QTest::newRow("with a code, and words about it")
        << exited(3) << QByteArray("out\n") << QByteArray("oops\n")
        << QByteArray(R"({"status": "completed", "success": false, "exit_code": 3,
                          "error": "oops", "stderr": "oops"})");
    QTest::newRow("with a code, and words in the wrong place")
        << exited(3) << QByteArray("trying\nno luck\n\n") << nothing
        << QByteArray(R"({"status": "completed", "success": false, "exit_code": 3, "error": "no luck"})");
    QTest::newRow("with a code, without a word")
        << exited(3) << nothing << nothing
        << QByteArray(R"({"status": "completed", "success": false, "exit_code": 3,
                          "error": "The inference failed with exit code 3"})");
    QTest::newRow("by a signal, without a word")
        << WorkloadEnd{.outcome = Outcome::Signaled, .signal = 9, .at = noon} << nothing << nothing
        << QByteArray(R"({"status": "completed", "success": false, "exit_code": -9,
                          "error": "The inference was ended by SIGKILL"})");
    QTest::newRow("out of time, though it exits with 0")
        << WorkloadEnd{.outcome = Outcome::Exited, .exitCode = 0, .timedOut = true, .at = noon} << nothing
        << QByteArray("terminated\n")
        << QByteArray(R"({"status": "completed", "success": false, "exit_code": 0, "stderr": "terminated",
                          "error": "The inference was stopped after its time limit of 60 s"})");
    QTest::newRow("never started") << WorkloadEnd{.outcome = Outcome::NotStarted,
                                                  .reason = u"no such folder"_s}
                                   << nothing << nothing
                                   << QByteArray(R"({"status": "failed", "success": false,
                          "error": "Failed to start inference: no such folder",
                          "failure_detail": "Failed to start inference: no such folder"})");
    QTest::newRow("unseen, however well its words sound")
        << WorkloadEnd{.outcome = Outcome::Unknown, .reason = u"a reboot"_s}
        << QByteArray("✅ Successfully done\n") << nothing << QByteArray(R"({"status": "failed",
             "error": "The end of the inference was not seen, so its exit code is unknown: a reboot",
             "failure_detail": "The end of the inference was not seen, so its exit code is unknown: a reboot"})");
}

void TestWorkloadUpdates::tellsOfTheEnd()
{
    QFETCH(const WorkloadEnd, end);
    QFETCH(const QByteArray, out);
    QFETCH(const QByteArray, err);
    QFETCH(const QByteArray, sent);
    Workload over = workload(out, err);
    over.end = end;
    QCOMPARE(updates::end(over, mask).toJson(), json(sent));
    QVERIFY(updates::end(over, mask).isFinal());
}

void TestWorkloadUpdates::tellsOfACancellation_data()
{
    QTest::addColumn<WorkloadEnd>("end");
    QTest::newRow("it obeyed") << WorkloadEnd{.outcome = Outcome::Signaled, .signal = 15, .at = noon};
    QTest::newRow("it said goodbye with success") << exited(0);
    QTest::newRow("it failed over it") << exited(1);
}

void TestWorkloadUpdates::tellsOfACancellation()
{
    QFETCH(const WorkloadEnd, end);
    Workload cancelled = workload();
    cancelled.progress.cancel = WorkloadCancel{*RequestId::parse(u"c1"_s), u"SIGTERM"_s, noon};
    QCOMPARE(endOf(cancelled, end),
             json(R"({"status": "cancelled", "message": "Workload cancelled by SIGTERM",
                                             "signal": "SIGTERM", "pid": 3847})"));
}

void TestWorkloadUpdates::saysWhatTheWorkloadSaidLast_data()
{
    QTest::addColumn<QByteArray>("out");
    QTest::addColumn<QByteArray>("err");
    QTest::addColumn<QString>("error");
    const QByteArray none;
    QTest::newRow("the last line") << none << QByteArray("a\nb\nc") << u"c"_s;
    QTest::newRow("not the blank ones after it") << none << QByteArray("a\nb\n\n  \n\t\n") << u"b"_s;
    QTest::newRow("without the blanks around it") << none << QByteArray("a\n   b  \n") << u"b"_s;
    QTest::newRow("of a terminal") << none << QByteArray("a\r\nb\r\n") << u"b"_s;
    QTest::newRow("of stderr, if it has said anything there")
        << QByteArray("out\n") << QByteArray("err\n") << u"err"_s;
    QTest::newRow("of stdout, if stderr is blank") << QByteArray("out\n") << QByteArray("\n \n") << u"out"_s;
}

void TestWorkloadUpdates::saysWhatTheWorkloadSaidLast()
{
    QFETCH(const QByteArray, out);
    QFETCH(const QByteArray, err);
    const QJsonObject sent = endOf(workload(out, err), exited(1));
    QTEST(sent.value("error"_L1).toString(), "error");
    QCOMPARE(sent.value("stderr"_L1).toString(), QString::fromUtf8(err).trimmed());
}

void TestWorkloadUpdates::keepsWithinTheLengths()
{
    const QByteArray err = "begin " + QByteArray(10'000, 'x') + '\n' + QByteArray(1000, 'y') + '\n';
    const QJsonObject sent = endOf(workload({}, err), exited(1));
    QCOMPARE(sent.value("error"_L1).toString(), QString(300, u'y'));
    const QString stderrTail = sent.value("stderr"_L1).toString();
    QCOMPARE(stderrTail.size(), 2000);
    QVERIFY(stderrTail.endsWith(QString(1000, u'y')) && stderrTail.startsWith(u'x'));

    const QJsonObject unstarted =
        endOf(workload({}), WorkloadEnd::because(Outcome::NotStarted, QString(5000, u'z')));
    QCOMPARE(unstarted.value("error"_L1).toString().size(), 300);
}

void TestWorkloadUpdates::cutsNoCharacterInTwo()
{
    const QByteArray foxes = QByteArray("🦊").repeated(1500); // two units of UTF-16 each
    for (const QByteArray &shift : {QByteArray(), QByteArray("x")}) {
        const QJsonObject sent = endOf(workload({}, shift + foxes + shift), exited(1));
        for (const QString &text : {sent.value("error"_L1).toString(), sent.value("stderr"_L1).toString(),
                                    updates::refused(QString::fromUtf8(shift + foxes)).error}) {
            QVERIFY(text.size() >= 299 && text.isValidUtf16());
            QVERIFY(!text.contains(QChar::ReplacementCharacter));
        }
    }
}

void TestWorkloadUpdates::tellsNoSecret()
{
    const QByteArray secret = "s3cret-token";
    const auto shows = [&](const QJsonObject &sent) { return QJsonDocument(sent).toJson().contains(secret); };
    QVERIFY(!shows(endOf(workload({}, "login with s3cret-token\n"), exited(1))));
    QVERIFY(!shows(endOf(workload("login with s3cret-token\n"), exited(1))));
    const WorkloadEnd unstarted = WorkloadEnd::because(Outcome::NotStarted, u"no s3cret-token"_s);
    QVERIFY(!shows(endOf(workload(), unstarted)));
    const WorkloadEnd unseen = WorkloadEnd::because(Outcome::Unknown, u"no s3cret-token"_s);
    QVERIFY(!shows(endOf(workload(), unseen)));
    // Wherever the end of a long output is cut, no part of one is left.
    for (int length = 1990; length < 2015; ++length) {
        const QJsonObject sent = endOf(workload({}, secret + QByteArray(length, 'x')), exited(1));
        QVERIFY2(!sent.value("stderr"_L1).toString().contains(u"token"_s),
                 qPrintable(QString::number(length)));
    }
}

QTEST_GUILESS_MAIN(TestWorkloadUpdates)
#include "tst_workloadupdates.moc"
