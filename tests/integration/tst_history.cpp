#include "support/foldernames.h"
#include "support/nodeprocess.h"
#include "support/requester.h"
#include "support/sandboxprocess.h"
#include "support/waiting.h"

#include <QDir>
#include <QFile>
#include <QTest>

#include <unistd.h>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;
using test::SandboxProcess;

/// A node that has done a lot: what it remembers costs it neither time nor memory, and is remembered all the
/// same.
class TestHistory : public QObject {
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void startsQuicklyWithTenThousandOldWorkloads();
    void keepsAsManyAsConfigured();

private:
    void leaveOldWorkloads(int count);
    std::chrono::milliseconds processorTimeUntilRegistering();
    void checkKnown(const QString &requestId);
    QStringList namesIn(const QString &folder) const
    {
        return cloudnode::test::workloadNamesIn(m_node->stateFile(folder));
    }

    std::unique_ptr<SandboxProcess> m_sandbox;
    std::unique_ptr<NodeProcess> m_node;
    std::unique_ptr<Requester> m_requester;
};

namespace {

void put(const QString &path, const QByteArray &text)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(text) != text.size())
        qFatal("cannot write a file of an old workload");
}

std::chrono::milliseconds processorTime(qint64 pid)
{
    QFile stat(u"/proc/%1/stat"_s.arg(pid));
    if (!stat.open(QIODevice::ReadOnly))
        return {};
    const QByteArray text = stat.readAll();
    const QList<QByteArray> fields = text.mid(text.lastIndexOf(')') + 2).split(' ');
    const qint64 ticks = fields.value(11).toLongLong() + fields.value(12).toLongLong();
    return std::chrono::milliseconds(ticks * 1000 / ::sysconf(_SC_CLK_TCK));
}

} // namespace

void TestHistory::init()
{
    m_sandbox = std::make_unique<SandboxProcess>(QStringList{u"--mqtt-port"_s, u"0"_s});
    QVERIFY(m_sandbox->start());
    m_node = std::make_unique<NodeProcess>(m_sandbox->apiUrl(), m_sandbox->mqttPort());
    m_requester = std::make_unique<Requester>(m_sandbox->mqttPort());
    QVERIFY(m_requester->start());
}

void TestHistory::cleanup()
{
    m_node.reset();
    m_requester.reset();
    const auto stopped = m_sandbox->stop();
    QVERIFY2(stopped, qPrintable(stopped ? QString() : stopped.error().text()));
}

/// As a node of a month ago would have left them, each with "hello" as its output.
void TestHistory::leaveOldWorkloads(int count)
{
    const QDateTime first = QDateTime::currentDateTimeUtc().addDays(-30);
    QVERIFY(QDir(m_node->stateDir()).mkpath(u"workloads"_s) &&
            QDir(m_node->stateDir()).mkpath(u"workload_logs"_s));
    for (int i = 0; i < count; ++i) {
        const QString key = u"old-%1"_s.arg(i);
        const QString folder = m_node->stateFile(u"workloads/"_s + key);
        const QByteArray at = first.addSecs(i).toString(Qt::ISODateWithMs).toUtf8();
        QVERIFY(QDir().mkdir(folder));
        put(folder + u"/spec.json"_s,
            R"({"version":1,"request_id":")" + key.toUtf8() +
                R"(","workload_type":"training","command":"echo hello","working_directory":"/",)"
                R"("received_at":")" +
                at + R"("})");
        put(folder + u"/started.json"_s,
            R"({"version":1,"pid":4711,"start_ticks":1,"supervisor_pid":4710,"supervisor_start_ticks":1,)"
            R"("boot_id":"an-earlier-one","started_at":")" +
                at + R"("})");
        put(folder + u"/exit.json"_s,
            R"({"version":1,"outcome":"exited","exit_code":7,"ended_at":")" + at + R"("})");
        put(folder + u"/progress.json"_s, R"({"version":1,"acked":true,"reported":true})");
        put(folder + u"/shipped.json"_s, R"({"version":1,"stdout_shipped":6})");
        put(m_node->stateFile(u"workload_logs/training_%1.stdout.log"_s.arg(key)), "hello\n");
    }
}

std::chrono::milliseconds TestHistory::processorTimeUntilRegistering()
{
    m_node->start();
    if (!QTest::qWaitFor([&] { return m_node->log().contains(u"registering"_s); }, patience))
        return std::chrono::hours(1);
    return processorTime(m_node->pid());
}

/// It is answered from what is on record, and not run again.
void TestHistory::checkKnown(const QString &requestId)
{
    const auto before = m_requester->finals(requestId).size();
    m_requester->send(m_node->slug(), u"training"_s, requestId);
    WAIT_FOR_EQUAL(m_requester->finals(requestId).size(), before + 1);
    const QJsonObject answer = m_requester->finals(requestId).last();
    QCOMPARE(answer["workload"_L1]["exit_code"_L1], 7);
    QCOMPARE(answer["output"_L1], u"hello\n"_s);
}

void TestHistory::startsQuicklyWithTenThousandOldWorkloads()
{
    constexpr int count = 10'000;
    leaveOldWorkloads(count);
    m_node->configure({u"training: touch has-run"_s, u"keep_finished_workloads: 0"_s});
    const auto first = processorTimeUntilRegistering();
    QVERIFY(m_node->waitUntilReady());
    checkKnown(u"old-4711"_s); // while they are still being looked through
    QTRY_COMPARE_WITH_TIMEOUT(namesIn(u"history"_s).size(), count, 5 * patience);
    QCOMPARE(namesIn(u"workloads"_s), QStringList());
    m_node->kill();
    const auto second = processorTimeUntilRegistering();
    QVERIFY(m_node->waitUntilReady());
    checkKnown(u"old-4711"_s);
    checkKnown(u"old-0"_s);
    QVERIFY(!QFile::exists(m_node->projectFile(u"has-run"_s)));
    qInfo("processor time until registering: %lld ms with 10,000 workloads to look at, %lld ms with 10,000 "
          "in the "
          "history",
          static_cast<long long>(first.count()), static_cast<long long>(second.count()));
    // Not the time that passes: other programs have a share in that.
    QVERIFY(second.count() < 300);
    QVERIFY(first.count() < 1000);
}

void TestHistory::keepsAsManyAsConfigured()
{
    leaveOldWorkloads(300);
    m_node->configure({u"training: echo new"_s, u"keep_finished_workloads: 2"_s});
    QVERIFY2(m_node->startAndWait(), qPrintable(m_node->log()));
    WAIT_FOR_EQUAL(namesIn(u"history"_s), QStringList({u"old-298"_s, u"old-299"_s}));
    m_requester->send(m_node->slug(), u"training"_s, u"new-1"_s);
    WAIT_FOR_EQUAL(namesIn(u"history"_s), QStringList(u"old-299"_s));
    WAIT_FOR_EQUAL(namesIn(u"workloads"_s), QStringList(u"new-1"_s));
    QCOMPARE(QDir(m_node->stateFile(u"workload_logs"_s)).entryList({u"*old*"_s}, QDir::Files).size(), 1);
    QCOMPARE(m_requester->finals(u"new-1"_s).size(), 1);
}

QTEST_GUILESS_MAIN(TestHistory)
#include "tst_history.moc"
