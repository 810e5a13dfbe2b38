#include "support/mountedfolder.h"
#include "support/nodeprocess.h"
#include "support/requester.h"
#include "support/sandboxprocess.h"
#include "support/waiting.h"

#include <QJsonDocument>
#include <QTest>

#include <optional>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;
using test::MountedFolder;
using test::SandboxProcess;

/// Disks that are full or cannot be written: whoever asks is told, what runs is reported, and when there is
/// space again the node works as if nothing had been.
class TestDisk : public QObject {
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void refusesWhatItCannotWriteDown_data();
    void refusesWhatItCannotWriteDown();
    void eitherRunsItOrSaysNo();
    void reportsTheEndThoughTheDiskIsFull();
    void cancelsThoughTheDiskIsFull();
    void reportsAWorkloadThatHasFilledTheDisk();
    void refusesOnADiskThatHasBecomeReadOnly();
    void startsOnAFullDisk();
    void saysThatTheStateDirectoryIsReadOnly();

private:
    bool mountSmall(const QString &folder);
    void run(const QStringList &lines);
    QString errorOf(const QString &requestId);
    QJsonObject finalOf(const QString &requestId);
    bool hasNoted(const QString &requestId, const QString &what) const;

    std::unique_ptr<SandboxProcess> m_sandbox;
    std::unique_ptr<NodeProcess> m_node;
    std::unique_ptr<Requester> m_requester;
    std::optional<MountedFolder> m_disk;
};

namespace {

const QString obedient =
    u"training: 'echo begun; until test -e go; do sleep 0.05; done; echo ended; exit $(cat go)'"_s;
const QString noMounts = u"this machine does not let us mount a disk for the test"_s;

} // namespace

void TestDisk::init()
{
    m_sandbox = std::make_unique<SandboxProcess>(QStringList{u"--mqtt-port"_s, u"0"_s});
    QVERIFY(m_sandbox->start());
    m_node = std::make_unique<NodeProcess>(m_sandbox->apiUrl(), m_sandbox->mqttPort());
    m_requester = std::make_unique<Requester>(m_sandbox->mqttPort());
    QVERIFY(m_requester->start());
}

void TestDisk::cleanup()
{
    if (m_disk)
        m_disk->makeRoom();
    m_node->kill();
    m_disk.reset();
    m_node.reset();
    m_requester.reset();
    const auto stopped = m_sandbox->stop();
    QVERIFY2(stopped, qPrintable(stopped ? QString() : stopped.error().text()));
}

/// `folder` is below the state directory; empty: that itself.
bool TestDisk::mountSmall(const QString &folder)
{
    m_disk.emplace(MountedFolder::small(m_node->stateFile(folder), 1024));
    return m_disk->isMounted();
}

void TestDisk::run(const QStringList &lines)
{
    m_node->configure(lines);
    QVERIFY2(m_node->startAndWait(), qPrintable(m_node->log()));
}

QJsonObject TestDisk::finalOf(const QString &requestId)
{
    [&] { WAIT_FOR(!m_requester->final(requestId).isEmpty()); }();
    return m_requester->final(requestId);
}

QString TestDisk::errorOf(const QString &requestId)
{
    m_requester->send(m_node->slug(), u"training"_s, requestId);
    return finalOf(requestId).value("error"_L1).toString();
}

bool TestDisk::hasNoted(const QString &requestId, const QString &what) const
{
    QFile file(m_node->stateFile(u"workloads/%1/progress.json"_s.arg(requestId)));
    return file.open(QIODevice::ReadOnly) &&
           QJsonDocument::fromJson(file.readAll()).object().value(what).toBool();
}

void TestDisk::refusesWhatItCannotWriteDown_data()
{
    QTest::addColumn<QString>("folder");
    QTest::newRow("state directory") << QString();
    QTest::newRow("directory of the logs") << u"workload_logs"_s;
}

void TestDisk::refusesWhatItCannotWriteDown()
{
    QFETCH(QString, folder);
    if (!mountSmall(folder))
        QSKIP(qPrintable(noMounts));
    run({u"training: echo hello"_s});
    QVERIFY(m_disk->fill());
    for (const QString &id : {u"r1"_s, u"r2"_s}) {
        const QString error = errorOf(id);
        QVERIFY2(error.contains(u"No space left on device"_s), qPrintable(error));
    }
    m_requester->send(m_node->slug(), u"status"_s, u"s1"_s);
    QCOMPARE(finalOf(u"s1"_s).value("status"_L1), u"ok"_s);
    QVERIFY(m_disk->makeRoom());
    QCOMPARE(errorOf(u"r3"_s), QString());
    QCOMPARE(finalOf(u"r3"_s).value("output"_L1), u"hello\n"_s);
    m_requester->send(m_node->slug(), u"training"_s,
                      u"r1"_s); // nothing of it is on record: it may be tried again
    WAIT_FOR_EQUAL(m_requester->finals(u"r1"_s).size(), 2);
    QCOMPARE(m_requester->finals(u"r1"_s).last().value("output"_L1), u"hello\n"_s);
}

void TestDisk::eitherRunsItOrSaysNo()
{
    if (!mountSmall({}))
        QSKIP(qPrintable(noMounts));
    run({u"training: 'echo {request_id} >> ran'"_s});
    QStringList done;
    for (int kibibytes = 0; kibibytes <= 48;
         kibibytes += 4) { // each step of a start is the one that finds no space
        QVERIFY(m_disk->fill(kibibytes));
        const QString id = u"r%1"_s.arg(kibibytes);
        const QString error = errorOf(id);
        if (error.isEmpty())
            done << id;
        else
            QVERIFY2(error.contains(u"No space left on device"_s), qPrintable(error));
        QVERIFY(m_disk->makeRoom());
    }
    QVERIFY(!done.isEmpty() && done.size() < 13);
    m_node->kill();
    QVERIFY(m_node->startAndWait());
    QCOMPARE(errorOf(u"last"_s), QString());
    QFile ran(m_node->projectFile(u"ran"_s)); // who has been told "no" must not find it done later
    QVERIFY(ran.open(QIODevice::ReadOnly));
    QCOMPARE(QString::fromUtf8(ran.readAll()).split(u'\n', Qt::SkipEmptyParts),
             done + QStringList(u"last"_s));
}

void TestDisk::reportsTheEndThoughTheDiskIsFull()
{
    if (!mountSmall({}))
        QSKIP(qPrintable(noMounts));
    run({obedient});
    m_requester->send(m_node->slug(), u"training"_s, u"r1"_s);
    WAIT_FOR(hasNoted(u"r1"_s, u"acked"_s));
    QVERIFY(m_disk->fill());
    m_node->addFile(u"go"_s, "5");
    QCOMPARE(finalOf(u"r1"_s).value("workload"_L1)["exit_code"_L1], 5);
    QVERIFY(!hasNoted(u"r1"_s, u"reported"_s));
    QVERIFY(m_disk->makeRoom());
    WAIT_FOR(hasNoted(u"r1"_s, u"reported"_s));
    m_node->kill();
    QVERIFY(m_node->startAndWait());
    m_requester->send(m_node->slug(), u"status"_s, u"s1"_s);
    finalOf(u"s1"_s);
    QCOMPARE(m_requester->finals(u"r1"_s).size(), 1);
}

void TestDisk::cancelsThoughTheDiskIsFull()
{
    if (!mountSmall({}))
        QSKIP(qPrintable(noMounts));
    run({obedient});
    m_requester->send(m_node->slug(), u"training"_s, u"r1"_s);
    WAIT_FOR(hasNoted(u"r1"_s, u"acked"_s));
    QVERIFY(m_disk->fill());
    m_requester->send(m_node->slug(), u"cancel"_s, u"c1"_s, QJsonObject{{u"workload_request_id"_s, u"r1"_s}});
    QCOMPARE(finalOf(u"c1"_s).value("status"_L1), u"ok"_s);
    QCOMPARE(finalOf(u"r1"_s).value("workload"_L1)["status"_L1], u"cancelled"_s);
}

void TestDisk::reportsAWorkloadThatHasFilledTheDisk()
{
    if (!mountSmall(u"workload_logs"_s))
        QSKIP(qPrintable(noMounts));
    run({u"training: 'head -c 10000000 /dev/zero; exit 3'"_s, u"inference: echo hello"_s});
    m_requester->send(m_node->slug(), u"training"_s, u"r1"_s);
    QCOMPARE(finalOf(u"r1"_s).value("workload"_L1)["exit_code"_L1], 3);
    QVERIFY(QFile::resize(m_node->stateFile(u"workload_logs/training_r1.stdout.log"_s), 0));
    m_requester->send(m_node->slug(), u"inference"_s, u"r2"_s);
    QCOMPARE(finalOf(u"r2"_s).value("output"_L1), u"hello\n"_s);
}

void TestDisk::refusesOnADiskThatHasBecomeReadOnly()
{
    run({u"training: echo hello"_s});
    {
        const auto readOnly = MountedFolder::readOnly(m_node->stateFile(u"workloads"_s));
        if (!readOnly.isMounted())
            QSKIP(qPrintable(noMounts));
        const QString error = errorOf(u"r1"_s);
        QVERIFY2(error.contains(u"Read-only file system"_s), qPrintable(error));
    }
    QCOMPARE(errorOf(u"r2"_s), QString());
}

void TestDisk::startsOnAFullDisk()
{
    if (!mountSmall({}))
        QSKIP(qPrintable(noMounts));
    QVERIFY(m_disk->fill());
    run({u"training: echo hello"_s});
    const QString slug = m_node->log().section(u" ready: "_s, 1).section(u' ', 0, 0);
    m_requester->send(slug, u"training"_s, u"r1"_s);
    QVERIFY(finalOf(u"r1"_s).value("error"_L1).toString().contains(u"No space left on device"_s));
    QVERIFY(m_disk->makeRoom());
    m_requester->send(slug, u"training"_s, u"r2"_s);
    QCOMPARE(finalOf(u"r2"_s).value("output"_L1), u"hello\n"_s);
}

void TestDisk::saysThatTheStateDirectoryIsReadOnly()
{
    const auto readOnly = MountedFolder::readOnly(m_node->stateDir());
    if (!readOnly.isMounted())
        QSKIP(qPrintable(noMounts));
    m_node->start();
    QVERIFY(m_node->waitUntilEnded());
    QCOMPARE(m_node->exitCode(), 1);
    QVERIFY2(m_node->log().contains(u"Read-only file system"_s), qPrintable(m_node->log()));
}

QTEST_GUILESS_MAIN(TestDisk)
#include "tst_disk.moc"
