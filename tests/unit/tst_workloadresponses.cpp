#include "node/workloadresponses.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>
#include <QTimeZone>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;
using namespace cloudnode;
using Outcome = WorkloadEnd::Outcome;
using Status = WorkloadReport::Status;

Q_DECLARE_METATYPE(std::optional<int>)

class TestWorkloadResponses : public QObject {
    Q_OBJECT

private slots:
    void saysWhatBecameOfIt_data();
    void saysWhatBecameOfIt();
    void theAcknowledgementIsOfTheStart();
    void masksSecretsInOutputAndError();
    void noSecretShowsWhereTheOutputIsCut();
    void saysThatALimitHasEndedIt_data();
    void saysThatALimitHasEndedIt();
    void aMissingLogIsNoOutput();

private:
    Workload workload(const QByteArray &out = "out\n", const QByteArray &err = "err\n");

    QTemporaryDir m_dir;
};

namespace {

QString textOf(const Response &response)
{
    return std::get<QString>(response.output);
}

QJsonObject objectOf(const Response &response)
{
    return QJsonDocument::fromJson(std::get<JsonText>(response.output).object()).object();
}

const QDateTime noon(QDate(2026, 2, 4), QTime(12, 0), QTimeZone::utc());

void write(const QString &path, const QByteArray &text)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
        qFatal("cannot write the test's log");
}

} // namespace

Workload TestWorkloadResponses::workload(const QByteArray &out, const QByteArray &err)
{
    Workload workload{
        .key = u"r1"_s,
        .spec = {.requestId = *RequestId::parse(u"r1"_s), .type = WorkloadType::Training, .timeout = 60s},
        .start = WorkloadStart{12, noon},
        .stdoutPath = m_dir.filePath(u"out"_s),
        .stderrPath = m_dir.filePath(u"err"_s)};
    write(workload.stdoutPath, out);
    write(workload.stderrPath, err);
    return workload;
}

void TestWorkloadResponses::saysWhatBecameOfIt_data()
{
    QTest::addColumn<WorkloadEnd>("end");
    QTest::addColumn<bool>("cancelled");
    QTest::addColumn<Status>("status");
    QTest::addColumn<std::optional<int>>("exitCode");
    QTest::addColumn<QString>("error"); // its beginning; empty: none
    const std::optional<int> unknown;
    QTest::newRow("well") << WorkloadEnd{.outcome = Outcome::Exited, .exitCode = 0, .at = noon} << false
                          << Status::Completed << std::optional(0) << QString();
    QTest::newRow("with a code") << WorkloadEnd{.outcome = Outcome::Exited, .exitCode = 3, .at = noon}
                                 << false << Status::Failed << std::optional(3)
                                 << u"The training failed with exit code 3\nerr"_s;
    QTest::newRow("by a signal") << WorkloadEnd{.outcome = Outcome::Signaled, .signal = 9, .at = noon}
                                 << false << Status::Failed << std::optional(-9)
                                 << u"The training was ended by SIGKILL\nerr"_s;
    QTest::newRow("cancelled, and it obeyed")
        << WorkloadEnd{.outcome = Outcome::Signaled, .signal = 15, .at = noon} << true << Status::Cancelled
        << std::optional(-15) << u"The training was cancelled by SIGTERM"_s;
    QTest::newRow("cancelled, and it said goodbye with success")
        << WorkloadEnd{.outcome = Outcome::Exited, .exitCode = 0, .at = noon} << true << Status::Cancelled
        << std::optional(0) << u"The training was cancelled by SIGTERM"_s;
    QTest::newRow("out of time, though it exits with 0")
        << WorkloadEnd{.outcome = Outcome::Exited, .exitCode = 0, .timedOut = true, .at = noon} << false
        << Status::Failed << std::optional(0) << u"The training was stopped after its time limit of 60 s"_s;
    QTest::newRow("never started") << WorkloadEnd{.outcome = Outcome::NotStarted,
                                                  .reason = u"no such folder"_s}
                                   << false << Status::Failed << unknown
                                   << u"Failed to start training: no such folder"_s;
    QTest::newRow("lost") << WorkloadEnd{.outcome = Outcome::Unknown,
                                         .reason = u"the machine was restarted"_s}
                          << false << Status::Lost << unknown << u"The end of the training was not seen"_s;
}

void TestWorkloadResponses::saysWhatBecameOfIt()
{
    QFETCH(bool, cancelled);
    QFETCH(QString, error);
    QFETCH(Status, status);
    QFETCH(std::optional<int>, exitCode);
    Workload subject = workload();
    QFETCH(WorkloadEnd, end);
    subject.end = end;
    if (cancelled)
        subject.progress.cancel = WorkloadCancel{*RequestId::parse(u"c1"_s), u"SIGTERM"_s, noon};
    const Response response = responses::final(subject, {});
    QVERIFY(response.workload->status == status);
    QVERIFY(response.workload->exitCode == exitCode);
    QCOMPARE(response.ok, error.isEmpty());
    QVERIFY2(response.error.startsWith(error), qPrintable(response.error));
    if (!cancelled)
        QCOMPARE(textOf(response), u"out\n"_s);
    else
        QCOMPARE(objectOf(response).value("status"_L1), u"cancelled"_s);
}

void TestWorkloadResponses::theAcknowledgementIsOfTheStart()
{
    Workload subject = workload();
    subject.end = WorkloadEnd{.outcome = Outcome::Exited, .exitCode = 0, .at = noon};
    const Response response = responses::acknowledgement(subject);
    QVERIFY(response.ok);
    QVERIFY(response.workload->status == Status::Running);
    QVERIFY(!response.workload->endedAt);
    QCOMPARE(objectOf(response), (QJsonObject{{u"message"_s, u"training started in background"_s},
                                              {u"pid"_s, 12},
                                              {u"status"_s, u"running"_s},
                                              {u"workload_type"_s, u"training"_s}}));
}

void TestWorkloadResponses::masksSecretsInOutputAndError()
{
    Workload subject = workload("it is secret-token\n", "really secret-token\n");
    subject.end = WorkloadEnd{.outcome = Outcome::Exited, .exitCode = 1, .at = noon};
    const Response response = responses::final(subject, SecretMask({"secret-token"}));
    QCOMPARE(textOf(response), u"it is ****\n"_s);
    QVERIFY(response.error.endsWith(u"really ****\n"_s));
}

void TestWorkloadResponses::noSecretShowsWhereTheOutputIsCut()
{
    const QByteArray secret = "a-very-secret-token";
    const SecretMask mask({secret});
    // Cut at every byte of it.
    for (qsizetype shown = 0; shown <= secret.size(); ++shown) {
        Workload about = workload("x" + secret + QByteArray(responses::tailBytes - shown, '.'));
        about.end = WorkloadEnd{.outcome = Outcome::Exited, .exitCode = 0, .at = noon};
        const Response response = responses::final(about, mask);
        const QString output = textOf(response);
        QVERIFY2(output.startsWith(shown == 0 ? u"...."_s : u"****."_s), qPrintable(output.left(30)));
        QVERIFY(response.workload->outputTruncated);
    }
}

void TestWorkloadResponses::saysThatALimitHasEndedIt_data()
{
    QTest::addColumn<WorkloadEnd>("end");
    QTest::addColumn<QString>("error");
    QTest::newRow("the kernel, for its cgroup")
        << WorkloadEnd{.outcome = Outcome::Signaled, .signal = 9, .memoryKills = 1, .at = noon}
        << u"was killed because it needed more than the 100 MiB of memory it may use (limits.training.memory_mb)"_s;
    QTest::newRow("itself, having been refused memory, perhaps")
        << WorkloadEnd{.outcome = Outcome::Exited, .exitCode = 1, .at = noon, .peakMemoryKiB = 90 * 1024}
        << u"failed with exit code 1; it may have needed more than the 100 MiB"_s;
    QTest::newRow("itself, for other reasons")
        << WorkloadEnd{.outcome = Outcome::Exited, .exitCode = 1, .at = noon, .peakMemoryKiB = 9 * 1024}
        << u"failed with exit code 1\n"_s;
}

void TestWorkloadResponses::saysThatALimitHasEndedIt()
{
    QFETCH(WorkloadEnd, end);
    QFETCH(QString, error);
    Workload about = workload();
    about.spec.limits.memoryMiB = 100;
    about.end = end;
    const Response response = responses::final(about, {});
    QVERIFY2(response.error.contains(error), qPrintable(response.error));
}

void TestWorkloadResponses::aMissingLogIsNoOutput()
{
    Workload subject = workload();
    QFile::remove(subject.stdoutPath);
    subject.end = WorkloadEnd{.outcome = Outcome::Exited, .exitCode = 0, .at = noon};
    QCOMPARE(textOf(responses::final(subject, {})), QString());
}

QTEST_GUILESS_MAIN(TestWorkloadResponses)
#include "tst_workloadresponses.moc"
