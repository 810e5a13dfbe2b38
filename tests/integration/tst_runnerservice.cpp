#include "integration/runnerjob.h"
#include "platform/processstat.h"
#include "support/processes.h"
#include "support/waiting.h"
#include "workload/runnerservice.h"
#include "workload/supervisorline.h"

#include <QDir>
#include <QFile>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <csignal>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;
using cloudnode::test::contents;
using cloudnode::test::isAlive;
using cloudnode::test::object;

namespace {

/// A workload's directory, and what to order for it.
class Job {
public:
    QString path(const QString &name) const { return m_folder.filePath(name); }
    QByteArray out() const { return contents(path(u"out"_s)); }
    QJsonObject record(const QString &name) const { return object(contents(path(name))); }
    QJsonObject end() const { return record(u"exit.json"_s); }
    qint64 supervisor() const { return record(u"started.json"_s)[u"supervisor_pid"_s].toInteger(); }
    /// The process that was ordered to, which is the supervisor's parent while it is there.
    qint64 service() const
    {
        const auto stat = ProcessStat::read(static_cast<pid_t>(supervisor()));
        return stat ? stat->parent : 0;
    }
    QStringList arguments(const QString &command) const
    {
        return {u"start"_s,    u"--dir"_s,     m_folder.path(), u"--stdout"_s,   path(u"out"_s),
                u"--stderr"_s, path(u"err"_s), u"--cwd"_s,      m_folder.path(), u"--"_s,
                u"sh"_s,       u"-c"_s,        command};
    }

private:
    QTemporaryDir m_folder;
};

} // namespace

class TestRunnerService : public QObject {
    Q_OBJECT

private slots:
    void init();

    void starts();
    void saysWhyItCannotStart();
    void startsNothingTwice();
    void startsNothingBeforeItIsToldTo();
    void leavesAWorkloadBehindAndNothingElse();
    void doesWhatWasOrderedLast();
    void comesBackAfterItsDeath();
    void takesNoOrderThatIsTooLong();

    void keepsASupervisorForTheNext();
    void sparesTheNextALateSignal();
    void doesWithoutAKeptOneThatIsKilled();
    void keepsNoneForLong();
    void keepsNoneBeyondItself();

private:
    /// The word that comes for it; "none" if the order is not taken.
    QByteArray order(const Job &job, const QString &command, const QStringList &variables = {});
    /// Does it, and hears of its end. False if one of the two fails.
    bool runToItsEnd(const Job &job, const QString &command, const QStringList &variables = {});

    std::unique_ptr<RunnerService> m_service;
    Descriptor m_line; ///< of the last one that was started
};

void TestRunnerService::init()
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    environment.insert(u"COLOUR"_s, u"red"_s);
    m_service = std::make_unique<RunnerService>(CLOUDNODE_BIN_DIR u"/cloudnode-runner"_s, environment);
}

QByteArray TestRunnerService::order(const Job &job, const QString &command, const QStringList &variables)
{
    std::optional<QByteArray> word;
    m_line.close();
    RunnerOrder *order = m_service->order(job.path({}), job.arguments(command), variables,
                                          [&](const QByteArray &said, Descriptor line) {
                                              word = said;
                                              m_line = std::move(line);
                                          });
    if (!order)
        return "none";
    order->go();
    const bool said = QTest::qWaitFor([&] { return word.has_value(); }, patience);
    return said ? *word : "silence";
}

bool TestRunnerService::runToItsEnd(const Job &job, const QString &command, const QStringList &variables)
{
    if (order(job, command, variables) != "S")
        return false;
    const auto line = m_service->follow(std::move(m_line));
    bool over = false;
    connect(line.get(), &SupervisorLine::ended, this, [&] { over = true; });
    return QTest::qWaitFor([&] { return over; }, patience) && !job.end().isEmpty();
}

void TestRunnerService::starts()
{
    const Job first;
    const Job second;
    QCOMPARE(order(first, u"echo $COLOUR $SHAPE"_s, {u"SHAPE=round = good"_s}), "S");
    QCOMPARE(order(second, u"echo $COLOUR $SHAPE; exit 3"_s), "S");
    WAIT_FOR(!first.end().isEmpty() && !second.end().isEmpty());
    QCOMPARE(first.out(), "red round = good\n");
    QCOMPARE(second.out(), "red\n");
    QCOMPARE(second.end()[u"exit_code"_s].toInt(-1), 3);
}

void TestRunnerService::saysWhyItCannotStart()
{
    const Job job;
    QStringList arguments = job.arguments({});
    arguments.replace(arguments.indexOf(u"sh"_s), u"/no/such/program"_s);
    std::optional<QByteArray> word;
    RunnerOrder *order = m_service->order(job.path({}), arguments, {},
                                          [&](const QByteArray &said, const Descriptor &) { word = said; });
    QVERIFY(order);
    order->go();
    WAIT_FOR(word.has_value());
    QCOMPARE(*word, "N"); // the record tells
    QCOMPARE(job.end()[u"outcome"_s].toString(), u"not_started"_s);
}

void TestRunnerService::startsNothingTwice()
{
    const Job job;
    const QString command = u"echo once; sleep 100"_s;
    QCOMPARE(order(job, command), "S");
    QCOMPARE(order(job, command), QByteArray()); // `start` has the patience to find out
    ::kill(static_cast<pid_t>(job.supervisor()), SIGUSR1);
    WAIT_FOR(!job.end().isEmpty());
    QCOMPARE(order(job, command), QByteArray());
    QCOMPARE(job.out(), "once\n");
}

void TestRunnerService::startsNothingBeforeItIsToldTo()
{
    const Job job;
    RunnerOrder *off = m_service->order(job.path({}), job.arguments(u"echo off"_s), {},
                                        [](const QByteArray &, const Descriptor &) {});
    QVERIFY(off);
    WAIT_FOR(QFile(job.path(u"started.json.new"_s)).size() > 0); // it is prepared
    QVERIFY(!QFile::exists(job.path(u"out"_s))); // which may be somebody else's until it is told to start
    delete off;
    const bool isOn = // once the one before has gone
        QTest::qWaitFor([&] { return order(job, u"echo on"_s) == "S"; }, patience);
    QVERIFY(isOn);
    WAIT_FOR(!job.end().isEmpty());
    QCOMPARE(job.out(), "on\n");
}

void TestRunnerService::leavesAWorkloadBehindAndNothingElse()
{
    const Job job;
    QCOMPARE(order(job, u"while [ ! -e go ]; do sleep 0.01; done; exit 5"_s), "S");
    const qint64 service = job.service();
    QVERIFY(isAlive(service));
    m_service.reset();
    QVERIFY(!isAlive(service));
    QVERIFY(isAlive(job.supervisor()));
    QVERIFY(QFile(job.path(u"go"_s)).open(QIODevice::WriteOnly));
    WAIT_FOR(!job.end().isEmpty());
    QCOMPARE(job.end()[u"exit_code"_s].toInt(-1), 5);
}

void TestRunnerService::doesWhatWasOrderedLast()
{
    const Job job;
    RunnerOrder *order = m_service->order(job.path({}), job.arguments(u"exit 7"_s), {},
                                          [](const QByteArray &, const Descriptor &) {});
    QVERIFY(order);
    order->go();
    m_service.reset();
    WAIT_FOR(!job.end().isEmpty());
    QCOMPARE(job.end()[u"exit_code"_s].toInt(-1), 7);
}

void TestRunnerService::comesBackAfterItsDeath()
{
    const Job first;
    QCOMPARE(order(first, u"sleep 100"_s), "S");
    ::kill(static_cast<pid_t>(first.service()), SIGKILL);
    const Job later;
    // The first order after it may find it dying, dead, or back.
    const bool isBack = QTest::qWaitFor([&] { return order(later, u"echo later"_s) == "S"; }, patience);
    QVERIFY(isBack);
    WAIT_FOR(!later.end().isEmpty());
    QCOMPARE(later.out(), "later\n");
    QVERIFY(isAlive(first.supervisor()));
    ::kill(static_cast<pid_t>(first.supervisor()), SIGUSR1);
    WAIT_FOR(!isAlive(first.supervisor()));
}

void TestRunnerService::takesNoOrderThatIsTooLong()
{
    const Job job;
    QCOMPARE(order(job, u"true"_s, {u"LONG="_s + QString(4 << 20, u'x')}), "none");
    QCOMPARE(order(job, u"true"_s), "S");
    WAIT_FOR(!job.end().isEmpty());
}

void TestRunnerService::keepsASupervisorForTheNext()
{
    const Job first;
    const Job second;
    QVERIFY(runToItsEnd(first, u"text=$(head -c 30000000 /dev/zero | tr '\\0' a); echo $COLOUR $SHAPE"_s,
                        {u"SHAPE=round"_s, u"COLOUR=blue"_s}));
    QVERIFY(runToItsEnd(second, u"echo $COLOUR ${SHAPE-no shape}; exit 3"_s));
    QCOMPARE(second.supervisor(), first.supervisor());
    QCOMPARE(first.out(), "blue round\n");
    QCOMPARE(second.out(), "red no shape\n");
    QCOMPARE(second.end()[u"exit_code"_s].toInt(), 3);
    const auto peak = [](const Job &job) { return job.end()[u"peak_memory_kib"_s].toInteger(); };
    QVERIFY(peak(first) > 25'000);
    QVERIFY(peak(second) > 0 && peak(second) < 25'000);
    const auto cpu = [](const Job &job) { return job.end()[u"cpu_seconds"_s].toDouble(); };
    QVERIFY(cpu(second) < cpu(first));
}

void TestRunnerService::sparesTheNextALateSignal()
{
    const Job first;
    const Job second;
    QVERIFY(runToItsEnd(first, u"true"_s));
    ::kill(static_cast<pid_t>(first.supervisor()), SIGTERM); // it was meant for what has just ended
    ::kill(static_cast<pid_t>(first.supervisor()), SIGUSR1);
    QVERIFY(runToItsEnd(second, u"sleep 0.1; exit 3"_s));
    QCOMPARE(second.supervisor(), first.supervisor());
    QCOMPARE(second.end()[u"exit_code"_s].toInt(), 3);
}

void TestRunnerService::doesWithoutAKeptOneThatIsKilled()
{
    const Job first;
    const Job second;
    QVERIFY(runToItsEnd(first, u"true"_s));
    ::kill(static_cast<pid_t>(first.supervisor()), SIGKILL);
    WAIT_FOR(!isAlive(first.supervisor()));
    QVERIFY(runToItsEnd(second, u"true"_s));
    QVERIFY(second.supervisor() != first.supervisor());
}

void TestRunnerService::keepsNoneForLong()
{
    const Job job;
    QVERIFY(runToItsEnd(job, u"true"_s));
    QVERIFY(isAlive(job.supervisor()));
    WAIT_FOR(!isAlive(job.supervisor()));
}

void TestRunnerService::keepsNoneBeyondItself()
{
    const Job job;
    QVERIFY(runToItsEnd(job, u"true"_s));
    m_service.reset();
    WAIT_FOR(!isAlive(job.supervisor()));
}

QTEST_GUILESS_MAIN(TestRunnerService)
#include "tst_runnerservice.moc"
