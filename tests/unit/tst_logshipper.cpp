#include "node/logshipper.h"
#include "support/fakecontrolplane.h"
#include "support/waiting.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;
using Kind = CloudError::Kind;

class TestLogShipper : public QObject {
    Q_OBJECT

private slots:
    void shipsWhatIsThereAndWhatFollows();
    void startsAtTheOffset();
    void joinsWholeLines();
    void flushSendsAnUnfinishedLine();
    void flushLeavesWhatIsWrittenLater();
    void tellsWhenTheLastRequestIsAnswered();
    void repeatsWhatTheBackendHasNotTaken();
    void goesOnBehindWhatTheBackendWillNeverTake();
    void tellsOfARefusalOnceAFile();
    void makesSmallerPiecesWhenOneIsTooLarge();
    void holdsOnePieceOfAHugeFile();
    void masksSecrets();
    void masksSecretsThatComeInPieces();
    void isDrainedThoughAnEndMayBeASecretsBeginning();
    void sendsNothingBeforeItKnowsTheInstance();
    void letsGoOfAFinishedFile();
    void oneBusyFileDoesNotStarveTheOthers();

private:
    QString append(const QString &name, const QByteArray &text);

    QTemporaryDir m_dir;
};

namespace {

const Instance self{u"u"_s, u"s"_s};

QByteArray joined(const QList<QByteArray> &pieces)
{
    return pieces.join();
}

} // namespace

QString TestLogShipper::append(const QString &name, const QByteArray &text)
{
    QFile file(m_dir.filePath(QString::fromLatin1(QTest::currentTestFunction()) + name));
    if (!file.open(QIODevice::Append) || file.write(text) != text.size())
        qFatal("cannot write the test's log");
    return file.fileName();
}

void TestLogShipper::shipsWhatIsThereAndWhatFollows()
{
    FakeControlPlane cloud;
    LogShipper shipper(cloud, {});
    qint64 offset = 0;
    const QString path = append(u"log"_s, "one\n");
    shipper.setInstance(self);
    shipper.follow({path, LogStream::Stderr, 0, [&](qint64 now) { offset = now; }});
    WAIT_FOR_EQUAL(offset, 4);
    append(u"log"_s, "two\n");
    WAIT_FOR_EQUAL(offset, 8);
    QCOMPARE(cloud.logs, (QList<QByteArray>{"one\n", "two\n"}));
    QCOMPARE(cloud.calls.first(), u"log stderr"_s);
}

void TestLogShipper::startsAtTheOffset()
{
    FakeControlPlane cloud;
    LogShipper shipper(cloud, {});
    shipper.setInstance(self);
    shipper.follow({append(u"log"_s, "one\ntwo\n"), LogStream::Stdout, 4, {}});
    WAIT_FOR_EQUAL(joined(cloud.logs), "two\n");
}

void TestLogShipper::joinsWholeLines()
{
    FakeControlPlane cloud;
    LogShipper shipper(cloud, {});
    shipper.setInstance(self);
    shipper.follow({append(u"log"_s, "one\ntw"), LogStream::Stdout, 0, {}});
    WAIT_FOR_EQUAL(joined(cloud.logs), "one\n");
    append(u"log"_s, "o\n");
    WAIT_FOR_EQUAL(joined(cloud.logs), "one\ntwo\n");
    QVERIFY(cloud.logs.contains("two\n"));
}

void TestLogShipper::flushSendsAnUnfinishedLine()
{
    FakeControlPlane cloud;
    LogShipper shipper(cloud, {});
    shipper.setInstance(self);
    QSignalSpy drained(&shipper, &LogShipper::drained);
    shipper.follow({append(u"log"_s, "half"), LogStream::Stdout, 0, {}});
    shipper.flush();
    QVERIFY(!shipper.isDrained());
    QVERIFY(drained.wait());
    QVERIFY(shipper.isDrained());
    QCOMPARE(joined(cloud.logs), "half");
}

/// A workload that prints all the time would keep the node from ever ending.
void TestLogShipper::flushLeavesWhatIsWrittenLater()
{
    FakeControlPlane cloud;
    cloud.slow = true;
    LogShipper shipper(cloud, {});
    shipper.setInstance(self);
    shipper.follow({append(u"log"_s, "one\n"), LogStream::Stdout, 0, {}});
    shipper.flush();
    QCOMPARE(cloud.logs.size(), 1);
    append(u"log"_s, "two\n");
    cloud.letGo();
    WAIT_FOR(shipper.isDrained());
    // Whoever looks at this one looks at the other too.
    shipper.follow({append(u"other"_s, "three\n"), LogStream::Stdout, 0, {}});
    WAIT_FOR_EQUAL(cloud.logs.size(), 2);
    QCOMPARE(cloud.logs, (QList<QByteArray>{"one\n", "three\n"}));
}

void TestLogShipper::tellsWhenTheLastRequestIsAnswered()
{
    FakeControlPlane cloud;
    cloud.slow = true;
    LogShipper shipper(cloud, {});
    shipper.setInstance(self);
    qint64 offset = 0;
    shipper.follow({append(u"log"_s, "one\n"), LogStream::Stdout, 0, [&](qint64 now) { offset = now; }});
    WAIT_FOR_EQUAL(cloud.logs.size(), 1);
    append(u"log"_s, "two\n");
    shipper.stop();
    QVERIFY(shipper.isAwaitingAnswers());
    QSignalSpy drained(&shipper, &LogShipper::drained);
    cloud.letGo();
    QVERIFY(drained.wait());
    QVERIFY(!shipper.isAwaitingAnswers());
    QCOMPARE(offset, 4);
    QCOMPARE(cloud.logs.size(), 1); // there is more, but it would be cut off
}

void TestLogShipper::repeatsWhatTheBackendHasNotTaken()
{
    FakeControlPlane cloud;
    cloud.script = {FakeControlPlane::failing(Kind::Unavailable, 500)};
    LogShipper shipper(cloud, {});
    shipper.setInstance(self);
    QSignalSpy failed(&shipper, &LogShipper::failed);
    qint64 offset = 0;
    shipper.follow({append(u"log"_s, "one\n"), LogStream::Stdout, 0, [&](qint64 now) { offset = now; }});
    QVERIFY(failed.wait());
    QCOMPARE(offset, 0);
    WAIT_FOR_EQUAL(offset, 4);
    QCOMPARE(cloud.logs, (QList<QByteArray>{"one\n", "one\n"}));
}

void TestLogShipper::goesOnBehindWhatTheBackendWillNeverTake()
{
    FakeControlPlane cloud;
    cloud.script = {FakeControlPlane::failing(Kind::Refused, 400)};
    LogShipper shipper(cloud, {});
    shipper.setInstance(self);
    QSignalSpy warning(&shipper, &LogShipper::warning);
    const QString path = append(u"log"_s, "bad\n");
    shipper.follow({path, LogStream::Stdout, 0, {}});
    QVERIFY(warning.wait());
    append(u"log"_s, "good\n");
    WAIT_FOR_EQUAL(cloud.logs.last(), "good\n");
}

void TestLogShipper::tellsOfARefusalOnceAFile()
{
    FakeControlPlane cloud;
    const auto never = FakeControlPlane::failing(Kind::Refused, 400);
    cloud.script = {never, never, never};
    LogShipper shipper(cloud, {});
    shipper.setInstance(self);
    QSignalSpy warning(&shipper, &LogShipper::warning);
    const QString path = append(u"log"_s, "bad\n");
    shipper.follow({path, LogStream::Stdout, 0, {}});
    for (int piece = 2; piece <= 3; ++piece) {
        WAIT_FOR_EQUAL(cloud.logs.size(), piece - 1);
        append(u"log"_s, "bad\n");
    }
    WAIT_FOR_EQUAL(cloud.logs.size(), 3);
    append(u"log"_s, "good\n");
    WAIT_FOR_EQUAL(cloud.logs.last(), "good\n");
    QCOMPARE(warning.count(), 1);
}

void TestLogShipper::makesSmallerPiecesWhenOneIsTooLarge()
{
    FakeControlPlane cloud;
    cloud.script = {FakeControlPlane::failing(Kind::Refused, 413)};
    LogShipper shipper(cloud, {});
    shipper.setInstance(self);
    const QByteArray text = QByteArray(99, 'x') + '\n';
    const QString path = append(u"log"_s, text.repeated(2000));
    qint64 offset = 0;
    shipper.follow({path, LogStream::Stdout, 0, [&](qint64 now) { offset = now; }});
    WAIT_FOR_EQUAL(offset, 200'000);
    const QByteArray refused = cloud.logs.takeFirst();
    QVERIFY(cloud.logs.first().size() < refused.size());
    QCOMPARE(joined(cloud.logs), text.repeated(2000));
}

void TestLogShipper::holdsOnePieceOfAHugeFile()
{
    FakeControlPlane cloud;
    cloud.silent = true;
    LogShipper shipper(cloud, {});
    shipper.setInstance(self);
    shipper.follow({append(u"log"_s, QByteArray(10 << 20, 'x')), LogStream::Stdout, 0, {}});
    WAIT_FOR_EQUAL(cloud.logs.size(), 1);
    QVERIFY(!QTest::qWaitFor([&] { return cloud.logs.size() > 1; }, 600));
    QVERIFY(cloud.logs.first().size() <= 256 * 1024);
}

void TestLogShipper::masksSecrets()
{
    FakeControlPlane cloud;
    LogShipper shipper(cloud, SecretMask({"a-very-secret-token"}));
    shipper.setInstance(self);
    shipper.follow({append(u"log"_s, "token=a-very-secret-token\n"), LogStream::Stdout, 0, {}});
    WAIT_FOR_EQUAL(joined(cloud.logs), "token=****\n");
}

void TestLogShipper::masksSecretsThatComeInPieces()
{
    FakeControlPlane cloud;
    LogShipper shipper(cloud, SecretMask({"a-very-secret-token"}));
    shipper.setInstance(self);
    const QString path = append(u"log"_s, "token=a-very-se");
    shipper.follow({path, LogStream::Stdout, 0, {}});
    WAIT_FOR_EQUAL(joined(cloud.logs), "token=");
    append(u"log"_s, "cret-token, and a-ve");
    WAIT_FOR_EQUAL(joined(cloud.logs), "token=****, and ");
    append(u"log"_s, "xation\n");
    WAIT_FOR_EQUAL(joined(cloud.logs), "token=****, and a-vexation\n");
    append(u"log"_s, "a-v");
    shipper.finish({path}); // so nothing follows, and it is no secret
    WAIT_FOR_EQUAL(joined(cloud.logs), "token=****, and a-vexation\na-v");
}

void TestLogShipper::isDrainedThoughAnEndMayBeASecretsBeginning()
{
    FakeControlPlane cloud;
    LogShipper shipper(cloud, SecretMask({"a-very-secret-token"}));
    shipper.setInstance(self);
    QSignalSpy drained(&shipper, &LogShipper::drained);
    shipper.follow({append(u"log"_s, "one a-very"), LogStream::Stdout, 0, {}});
    WAIT_FOR(shipper.isDrained());
    QVERIFY(!drained.isEmpty());
    QCOMPARE(joined(cloud.logs), "one ");
}

void TestLogShipper::sendsNothingBeforeItKnowsTheInstance()
{
    FakeControlPlane cloud;
    LogShipper shipper(cloud, {});
    shipper.follow({append(u"log"_s, "one\n"), LogStream::Stdout, 0, {}});
    QVERIFY(!QTest::qWaitFor([&] { return !cloud.logs.isEmpty(); }, 600));
    shipper.setInstance(self);
    WAIT_FOR_EQUAL(joined(cloud.logs), "one\n");
}

void TestLogShipper::letsGoOfAFinishedFile()
{
    FakeControlPlane cloud;
    LogShipper shipper(cloud, {});
    shipper.setInstance(self);
    const QString path = append(u"log"_s, "no line break at its end");
    shipper.follow({path, LogStream::Stdout, 0, {}});
    shipper.finish({path});
    WAIT_FOR(shipper.isIdle());
    QCOMPARE(joined(cloud.logs), "no line break at its end");
}

void TestLogShipper::oneBusyFileDoesNotStarveTheOthers()
{
    FakeControlPlane cloud;
    LogShipper shipper(cloud, {});
    const QByteArray busy = (QByteArray(99, 'x') + '\n').repeated(20'000);
    for (int i = 0; i < 5; ++i)
        shipper.follow({append(u"busy%1"_s.arg(i), busy), LogStream::Stdout, 0, {}});
    shipper.follow({append(u"quiet"_s, "me too\n"), LogStream::Stdout, 0, {}});
    shipper.setInstance(self);
    WAIT_FOR(cloud.logs.contains("me too\n"));
    QVERIFY2(cloud.logs.indexOf("me too\n") < 20, "it was served only after the busy ones");
}

QTEST_GUILESS_MAIN(TestLogShipper)
#include "tst_logshipper.moc"
