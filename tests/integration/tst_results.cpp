#include "sandbox/brokerprocess.h"
#include "support/clirun.h"
#include "support/nodeprocess.h"
#include "support/requester.h"
#include "support/storesink.h"
#include "support/waiting.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSignalSpy>
#include <QTest>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;
using sandbox::BrokerProcess;
using test::CliRun;
using test::StoreSink;

namespace {

#ifdef __SANITIZE_ADDRESS__
constexpr qint64 mostMemoryKiB = 512 * 1024; // it keeps back what has been freed
#else
constexpr qint64 mostMemoryKiB = 8 * 1024;
#endif

/// A backend, as much of one as result files need, with a store.
class ResultCloud {
public:
    struct Confirmation {
        QString workloadUuid;
        QStringList filenames;
        QStringList attachments;
    };
    StoreSink sink{
        [this](const StoreSink::Head &head, const QByteArray &body) { return answer(head, body); }};
    QList<Confirmation> confirmations;
    QMap<QString, QString> names; ///< of attachments, by their uuid

    QStringList confirmed(const QString &workloadUuid) const
    {
        QStringList all;
        for (const Confirmation &one : confirmations) {
            if (one.workloadUuid == workloadUuid)
                all << one.filenames;
        }
        return all;
    }

private:
    QByteArray answer(const StoreSink::Head &head, const QByteArray &body)
    {
        const QStringList path = QString::fromUtf8(head.path).section(u'?', 0, 0).split(u'/');
        const QJsonObject asked = QJsonDocument::fromJson(body).object();
        QJsonObject reply{{u"success"_s, true}, {u"uuid"_s, u"node-uuid"_s}, {u"slug"_s, u"node-slug"_s}};
        if (path.last() == u"attachments"_s) {
            const QString uuid = u"%1-attachment"_s.arg(names.size());
            names[uuid] = asked["filename"_L1].toString();
            reply[u"filename"_s] = uuid + u".bin"_s;
            reply[u"signed_url"_s] = sink.url().resolved(QUrl(uuid + u"?signature=secret"_s)).toString();
        } else if (path.last() == u"upload-results"_s) {
            confirmations.append({path.value(path.size() - 2),
                                  asked["filenames"_L1].toVariant().toStringList(),
                                  asked["attachment_uuids"_L1].toVariant().toStringList()});
        }
        return QJsonDocument(reply).toJson();
    }
};

qint64 peakMemoryKiB(qint64 pid)
{
    QFile status(u"/proc/%1/status"_s.arg(pid));
    if (!status.open(QIODevice::ReadOnly))
        return 0;
    for (const QByteArray &line : status.readAll().split('\n')) {
        if (line.startsWith("VmHWM:"))
            return line.simplified().split(' ').value(1).toLongLong();
    }
    return 0;
}

} // namespace

/// A real node and the result files of its workloads.
class TestResults : public QObject {
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void uploadsWhatAWorkloadLeaves();
    void owesNothing_data();
    void owesNothing();
    void takesOfTheSharedFolderWhatIsOfThisWorkload();
    void otherEndsAreReportedMeanwhile();
    void saysHowFarItIs();
    void aKilledNodeGoesOn();
    void aStoppedNodeLosesNothing();
    void keepsWhatItHasDecidedOverAChangeOfConfiguration();
    void aLargeFileTakesNoMemory_data();
    void aLargeFileTakesNoMemory();

private:
    void start(const QStringList &configuration);
    void run(const QString &requestId, const QString &script, const QString &uuid);
    bool isDone(const QString &requestId) const;
    QString ask(const QStringList &arguments) const; ///< the node, as its owner would
    QString own(const QString &requestId, const QString &name) const
    {
        return m_node->stateFile(u"workloads/%1/results/%2"_s.arg(requestId, name));
    }

    std::unique_ptr<ResultCloud> m_cloud;
    std::unique_ptr<BrokerProcess> m_broker;
    std::unique_ptr<NodeProcess> m_node;
    std::unique_ptr<Requester> m_requester;
};

void TestResults::init()
{
    m_cloud = std::make_unique<ResultCloud>();
    m_broker = std::make_unique<BrokerProcess>();
    QSignalSpy ready(m_broker.get(), &BrokerProcess::ready);
    m_broker->start();
    QVERIFY(ready.wait());
    m_node = std::make_unique<NodeProcess>(m_cloud->sink.origin(), m_broker->port());
    m_requester = std::make_unique<Requester>(m_broker->port());
    QVERIFY(m_requester->start());
}

void TestResults::cleanup()
{
    m_node.reset();
    m_requester.reset();
    m_broker.reset();
    m_cloud.reset();
}

void TestResults::start(const QStringList &configuration)
{
    m_node->configure(QStringList{u"training: sh {request_id}.sh"_s, u"max_concurrent_workloads: 3"_s} +
                      configuration);
    QVERIFY2(m_node->startAndWait(), qPrintable(m_node->log()));
}

/// An empty uuid: the backend has no name for it.
void TestResults::run(const QString &requestId, const QString &script, const QString &uuid)
{
    m_node->addFile(requestId + u".sh"_s, "cd \"${CYBERWAVE_RESULTS_DIR:-.}\"\n" + script.toUtf8() + '\n');
    const QJsonObject params = uuid.isEmpty() ? QJsonObject() : QJsonObject{{u"workload_uuid"_s, uuid}};
    m_requester->send(m_node->slug(), u"training"_s, requestId, params);
    WAIT_FOR(!m_requester->to(requestId).isEmpty());
}

bool TestResults::isDone(const QString &requestId) const
{
    QFile file(m_node->stateFile(u"workloads/%1/progress.json"_s.arg(requestId)));
    return file.open(QIODevice::ReadOnly) &&
           QJsonDocument::fromJson(file.readAll()).object().value("results_done"_L1).toBool();
}

QString TestResults::ask(const QStringList &arguments) const
{
    QProcess process;
    CliRun::start(process, arguments + QStringList{u"--state-dir"_s, m_node->stateDir()}, {});
    return CliRun::of(process).out;
}

void TestResults::uploadsWhatAWorkloadLeaves()
{
    start({});
    run(u"r1"_s, u"mkdir -p runs/1; echo weights > runs/1/model.pt; echo log > log.txt"_s, u"w-1"_s);
    WAIT_FOR(isDone(u"r1"_s));
    QCOMPARE(m_cloud->confirmations.size(), 1);
    QCOMPARE(m_cloud->confirmed(u"w-1"_s), (QStringList{u"log.txt"_s, u"runs/1/model.pt"_s}));
    QVERIFY(!QFile::exists(own(u"r1"_s, u"log.txt"_s)));
    WAIT_FOR(!QFile::exists(m_node->stateFile(u"workloads/r1/uploads.jsonl"_s))); // it held signatures
    const QString why = ask({u"why"_s, u"r1"_s});
    QVERIFY2(why.contains(u"Found 2 result files to upload"_s), qPrintable(why));
    QVERIFY2(why.contains(u"2 result files uploaded and removed here"_s), qPrintable(why));
    QVERIFY(!m_node->log().contains(u"signature"_s));
    QVERIFY(!m_node->log().contains(u"secret"_s));
}

void TestResults::owesNothing_data()
{
    QTest::addColumn<QString>("script");
    QTest::addColumn<QString>("uuid");
    QTest::addColumn<QString>("configuration");
    QTest::newRow("it has failed") << u"echo x > a; exit 3"_s << u"w"_s << u"upload_results: true"_s;
    QTest::newRow("the backend has no name for it")
        << u"echo x > a"_s << QString() << u"upload_results: true"_s;
    QTest::newRow("its owner does not want it") << u"echo x > a"_s << u"w"_s << u"upload_results: false"_s;
    QTest::newRow("it has timed out") << u"echo x > a; trap 'exit 0' TERM; while :; do sleep 0.05; done"_s
                                      << u"w"_s << u"workload_timeout_seconds: 1"_s;
}

void TestResults::owesNothing()
{
    QFETCH(QString, script);
    QFETCH(QString, uuid);
    QFETCH(QString, configuration);
    start({configuration});
    run(u"r1"_s, script, uuid);
    WAIT_FOR(!m_requester->final(u"r1"_s).isEmpty());
    // Another one's results are there: those of the first would have been, too.
    run(u"r2"_s, u"exit 1"_s, u"w2"_s);
    WAIT_FOR(!m_requester->final(u"r2"_s).isEmpty());
    m_node->terminate();
    QVERIFY(m_node->waitUntilEnded());
    QVERIFY(m_cloud->names.isEmpty() && m_cloud->confirmations.isEmpty());
    QVERIFY(configuration.contains(u"false"_s) || QFile::exists(own(u"r1"_s, u"a"_s)));
}

/// Files that a failed or earlier workload has left there belong to nobody.
void TestResults::takesOfTheSharedFolderWhatIsOfThisWorkload()
{
    start({u"results_folder: out"_s});
    const QString out = m_node->projectFile(u"out"_s);
    run(u"r1"_s, u"mkdir %1; echo x > %1/leftover; exit 1"_s.arg(out), u"w-1"_s);
    WAIT_FOR(!m_requester->final(u"r1"_s).isEmpty());
    run(u"r2"_s, u"echo x > %1/mine; echo x > own"_s.arg(out), u"w-2"_s);
    WAIT_FOR(isDone(u"r2"_s));
    QCOMPARE(m_cloud->confirmed(u"w-2"_s), (QStringList{u"mine"_s, u"own"_s}));
    QVERIFY(QFile::exists(out + u"/leftover"_s));
    QVERIFY(!QFile::exists(out + u"/mine"_s));
    QVERIFY(m_cloud->confirmed(u"w-1"_s).isEmpty());
}

void TestResults::otherEndsAreReportedMeanwhile()
{
    start({});
    m_cloud->sink.stalled = true;
    run(u"r1"_s, u"truncate -s 50M large"_s, u"w-1"_s);
    WAIT_FOR(m_cloud->sink.begun() == 1);
    WAIT_FOR(!m_requester->final(u"r1"_s).isEmpty()); // its own does not wait, either
    run(u"r2"_s, u"exit 7"_s, u"w-2"_s);
    WAIT_FOR(!m_requester->final(u"r2"_s).isEmpty());
    QCOMPARE(m_requester->final(u"r2"_s)["workload"_L1]["exit_code"_L1], 7);
    QVERIFY(!isDone(u"r1"_s));
}

void TestResults::saysHowFarItIs()
{
    start({});
    m_cloud->sink.statuses = QList<int>(1000, 503);
    run(u"r1"_s, u"truncate -s 10M large; echo x > small"_s, u"w-1"_s);
    const auto uploads = [this] {
        const QString status = ask({u"status"_s, u"--json"_s});
        return QJsonDocument::fromJson(status.toUtf8()).object()["uploads"_L1].toArray();
    };
    WAIT_FOR(uploads().at(0)["problem"_L1].toString().contains(u"the store is unavailable (HTTP 503"_s));
    const QJsonObject upload = uploads().at(0).toObject();
    QCOMPARE(upload["request_id"_L1], u"r1"_s);
    QCOMPARE(upload["workload_uuid"_L1], u"w-1"_s);
    QCOMPARE(upload["files"_L1], 2);
    QCOMPARE(upload["files_done"_L1], 0);
    QCOMPARE(upload["bytes"_L1], 10 * 1024 * 1024 + 2);
    const QString status = ask({u"status"_s});
    QVERIFY2(status.contains(u"0 of 2 files"_s), qPrintable(status));
    QVERIFY2(status.contains(u"waits: the store is unavailable"_s), qPrintable(status));
    m_requester->send(m_node->slug(), u"status"_s, u"s1"_s);
    WAIT_FOR(!m_requester->to(u"s1"_s).isEmpty());
    QCOMPARE(m_requester->to(u"s1"_s)[0]["output"_L1]["uploads"_L1].toArray().size(), 1);
}

void TestResults::aKilledNodeGoesOn()
{
    start({});
    int arrived = 0;
    m_cloud->sink.tick = [&] {
        if (++arrived == 60) // pieces of at most 256 KiB, of 50 MB
            m_node->kill();
    };
    run(u"r1"_s, u"for i in $(seq 50); do head -c 1000000 /dev/urandom > $i.bin; done"_s, u"w-1"_s);
    WAIT_FOR(!m_node->isRunning());
    const auto storedBefore = m_cloud->sink.stored().size();
    QVERIFY(storedBefore < 50 && m_cloud->confirmations.isEmpty());
    QVERIFY(m_node->startAndWait());
    WAIT_FOR(isDone(u"r1"_s));
    QStringList confirmed = m_cloud->confirmed(u"w-1"_s);
    QCOMPARE(confirmed.size(), 50);
    QCOMPARE(confirmed.removeDuplicates(), 0);
    QVERIFY2(m_cloud->sink.begun() <= 54, qPrintable(QString::number(m_cloud->sink.begun())));
    // Each is confirmed by what the store really has of it.
    QStringList stored;
    for (const StoreSink::Put &put : m_cloud->sink.stored())
        stored << QUrl(QString::fromUtf8(put.head.path)).fileName();
    for (const QString &attachment : m_cloud->confirmations.value(0).attachments)
        QVERIFY(stored.contains(attachment));
    QVERIFY(QDir(own(u"r1"_s, u"."_s)).isEmpty());
}

void TestResults::aStoppedNodeLosesNothing()
{
    start({});
    m_cloud->sink.stalled = true;
    run(u"r1"_s, u"truncate -s 50M a; echo x > b"_s, u"w-1"_s);
    WAIT_FOR(m_cloud->sink.begun() >= 1);
    m_node->terminate();
    QVERIFY(m_node->waitUntilEnded());
    QCOMPARE(m_node->exitCode(), 0);
    m_cloud->sink.stalled = false;
    QVERIFY(m_node->startAndWait());
    WAIT_FOR(isDone(u"r1"_s));
    QCOMPARE(m_cloud->confirmed(u"w-1"_s), (QStringList{u"a"_s, u"b"_s}));
}

void TestResults::keepsWhatItHasDecidedOverAChangeOfConfiguration()
{
    start({u"results_folder: out"_s});
    const QString out = m_node->projectFile(u"out"_s);
    run(u"r1"_s, u"mkdir %1; echo x > %1/a; echo x > b; until [ -e %1/go ]; do sleep 0.05; done"_s.arg(out),
        u"w-1"_s);
    m_node->kill();
    m_node->configure({u"training: sh {request_id}.sh"_s, u"upload_results: false"_s});
    QVERIFY(m_node->startAndWait());
    m_node->addFile(u"out/go"_s, {});
    WAIT_FOR(isDone(u"r1"_s));
    QCOMPARE(m_cloud->confirmed(u"w-1"_s), (QStringList{u"a"_s, u"b"_s, u"go"_s}));
}

void TestResults::aLargeFileTakesNoMemory_data()
{
    QTest::addColumn<QString>("size"); // as truncate has it
    QTest::addColumn<qint64>("bytes");
    QTest::newRow("200 MiB") << u"200M"_s << (200LL << 20);
    if (qEnvironmentVariableIsSet("CLOUDNODE_FAULTS_LONG")) // takes both cores for a while
        QTest::newRow("5 GiB") << u"5G"_s << (5LL << 30);
}

void TestResults::aLargeFileTakesNoMemory()
{
    QFETCH(QString, size);
    QFETCH(qint64, bytes);
    m_cloud->sink.hashing = false;
    start({});
    run(u"r0"_s, u"echo x > small"_s, u"w-0"_s); // all that is loaded for the first upload is loaded then
    WAIT_FOR(isDone(u"r0"_s));
    const qint64 before = peakMemoryKiB(m_node->pid());
    run(u"r1"_s, u"truncate -s %1 large"_s.arg(size), u"w-1"_s);
    QTRY_VERIFY_WITH_TIMEOUT(isDone(u"r1"_s), 10 * patience);
    const qint64 more = peakMemoryKiB(m_node->pid()) - before;
    QCOMPARE(m_cloud->sink.stored().last().bytes, bytes);
    qInfo("%s: %lld KiB of memory more than before", qPrintable(size), more);
    QVERIFY2(more < mostMemoryKiB, qPrintable(u"%1 KiB more"_s.arg(more)));
}

QTEST_GUILESS_MAIN(TestResults)
#include "tst_results.moc"
