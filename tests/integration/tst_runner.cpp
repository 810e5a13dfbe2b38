#include "integration/runnerjob.h"
#include "platform/processstat.h"
#include "support/waiting.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTest>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode::test;
using cloudnode::patience;
using cloudnode::ProcessStat;

/// cloudnode-runner starts a workload once, and writes down what becomes of it.
class TestRunner : public QObject {
    Q_OBJECT

private slots:
    void recordsTheEnd_data();
    void recordsTheEnd();
    void recordsWhoRanAndWhen();
    void keepsOutputAndItsMode();
    void saysWhyItCannotStart_data();
    void saysWhyItCannotStart();
    void writesValidTextWhateverItIsGiven();
    void hasNoRecordOfAnUnusableFolder();
    void refusesAWrongCommandLine_data();
    void refusesAWrongCommandLine();
    void givesTheWorkloadACleanStart();
    void worksWithClosedStandardDescriptors();
    void survivesAHangup();
    void isSmall();

    void startsOnlyOnce_data();
    void startsOnlyOnce();
    void waitsForTheOneThatIsStarting();
    void startsOnlyOnceWhenKilledInBetween();
};

void TestRunner::recordsTheEnd_data()
{
    QTest::addColumn<QString>("command");
    QTest::addColumn<QString>("outcome");
    QTest::addColumn<QJsonValue>("exitCode");
    QTest::addColumn<QJsonValue>("signal");
    const QJsonValue null(QJsonValue::Null);
    QTest::newRow("success") << u"exit 0"_s << u"exited"_s << QJsonValue(0) << null;
    QTest::newRow("a small code") << u"exit 3"_s << u"exited"_s << QJsonValue(3) << null;
    QTest::newRow("the largest code") << u"exit 255"_s << u"exited"_s << QJsonValue(255) << null;
    QTest::newRow("killed") << u"kill -KILL $$"_s << u"signaled"_s << null << QJsonValue(9);
    QTest::newRow("terminated itself") << u"kill -TERM $$"_s << u"signaled"_s << null << QJsonValue(15);
    QTest::newRow("a command the shell does not know")
        << u"no-such-command"_s << u"exited"_s << QJsonValue(127) << null;
    QTest::newRow("text that once looked like success")
        << u"echo Successfully; exit 5"_s << u"exited"_s << QJsonValue(5) << null;
}

void TestRunner::recordsTheEnd()
{
    QFETCH(QString, command);
    RunnerJob job;
    QCOMPARE(job.start(command), 0);
    QCOMPARE(job.printed, job.started());
    WAIT_FOR_END(job);
    const QJsonObject end = job.ended();
    QTEST(end[u"outcome"_s].toString(), "outcome");
    QTEST(end[u"exit_code"_s], "exitCode");
    QTEST(end[u"signal"_s], "signal");
    QCOMPARE(end[u"timed_out"_s], QJsonValue(false));
    QCOMPARE(end[u"recorded_by"_s].toString(), u"runner"_s);
    QVERIFY(end[u"peak_memory_kib"_s].toInteger() > 0);
}

void TestRunner::recordsWhoRanAndWhen()
{
    RunnerJob job;
    const QDateTime before = QDateTime::currentDateTimeUtc();
    QCOMPARE(job.start(u"echo $$; sleep 1000; :"_s), 0);
    const QJsonObject start = job.started();
    WAIT_FOR(!job.out().isEmpty());
    QCOMPARE(job.out().trimmed().toLongLong(), job.pid());
    for (const auto &[pid, ticks] : {std::pair(u"pid"_s, u"start_ticks"_s),
                                     std::pair(u"supervisor_pid"_s, u"supervisor_start_ticks"_s)}) {
        const auto stat = ProcessStat::read(static_cast<pid_t>(start[pid].toInteger()));
        QVERIFY(stat);
        QCOMPARE(start[ticks].toInteger(), static_cast<qint64>(stat->startTicks));
    }
    QCOMPARE(start[u"boot_id"_s].toString().toStdString(), cloudnode::currentBootId());
    QCOMPARE(::getpgid(static_cast<pid_t>(job.pid())), static_cast<pid_t>(job.pid()));
    QCOMPARE(::getsid(static_cast<pid_t>(job.pid())), static_cast<pid_t>(job.pid()));
    const QDateTime at = QDateTime::fromString(start[u"started_at"_s].toString(), Qt::ISODateWithMs);
    QVERIFY(at >= before && at <= QDateTime::currentDateTimeUtc());
    ::kill(job.supervisor(), SIGUSR1);
    WAIT_FOR_END(job);
    QVERIFY(QDateTime::fromString(job.end(u"ended_at"_s).toString(), Qt::ISODateWithMs) >= at);
}

void TestRunner::keepsOutputAndItsMode()
{
    RunnerJob job;
    {
        QFile log(job.path(u"out"_s));
        QVERIFY(log.open(QIODevice::WriteOnly) && log.write("before\n") == 7);
        log.setPermissions(QFile::ReadOwner | QFile::WriteOwner | QFile::ReadOther);
    }
    QCOMPARE(job.start(u"pwd; echo oops >&2; cat; umask"_s), 0);
    WAIT_FOR_END(job);
    const mode_t mask = ::umask(0);
    ::umask(mask);
    QCOMPARE(job.out(), "before\n" + QDir(job.workingDirectory).canonicalPath().toUtf8() + "\n" +
                            QByteArray::number(mask, 8).rightJustified(4, '0') + "\n");
    QCOMPARE(job.err(), "oops\n");
    const auto ownerOnly = QFile::ReadOwner | QFile::WriteOwner | QFile::ReadUser | QFile::WriteUser;
    for (const QString &name : {u"out"_s, u"err"_s, u"started.json"_s, u"exit.json"_s, u"lock"_s})
        QCOMPARE(QFile::permissions(job.path(name)), ownerOnly);
    QCOMPARE(QDir(job.path(u"."_s)).entryList({u"*.new"_s}), QStringList());
}

void TestRunner::saysWhyItCannotStart_data()
{
    QTest::addColumn<QString>("program");
    QTest::addColumn<QString>("workingDirectory");
    QTest::addColumn<QString>("reason");
    QTest::newRow("a missing program")
        << u"no-such-program"_s << u"/"_s << u"cannot run no-such-program: No such file or directory"_s;
    QTest::newRow("a file that is no program")
        << u"/etc/passwd"_s << u"/"_s << u"cannot run /etc/passwd: Permission denied"_s;
    QTest::newRow("a missing working directory")
        << u"true"_s << u"/no/where"_s
        << u"cannot enter the working directory /no/where: No such file or directory"_s;
    QTest::newRow("a working directory that is a file")
        << u"true"_s << u"/etc/passwd"_s
        << u"cannot enter the working directory /etc/passwd: Not a directory"_s;
}

void TestRunner::saysWhyItCannotStart()
{
    QFETCH(QString, reason);
    RunnerJob job;
    QFETCH(QString, program);
    QFETCH(QString, workingDirectory);
    job.program = program;
    job.workingDirectory = workingDirectory;
    QCOMPARE(job.start({}), 1);
    QCOMPARE(job.printed, job.ended());
    QCOMPARE(job.end(u"outcome"_s).toString(), u"not_started"_s);
    QCOMPARE(job.end(u"reason"_s).toString(), reason);
}

void TestRunner::writesValidTextWhateverItIsGiven()
{
    RunnerJob job;
    QStringList arguments = job.arguments({}); // ... -- bash -c ""
    arguments.resize(arguments.indexOf(u"--"_s) + 1);
    QProcess shell;
    shell.start(
        u"bash"_s,
        QStringList{u"-c"_s,
                    u"exec \"$0\" \"$@\" $'\\xff\\xc3 \\xf0\\x9f\\x9a\\x80\"\\\\\\n\\xed\\xa0\\x80'"_s,
                    RunnerJob::runner()} +
            arguments);
    QVERIFY(shell.waitForFinished(patience));
    const QString wrong(QChar::ReplacementCharacter);
    QCOMPARE(job.end(u"reason"_s).toString(), u"cannot run "_s + wrong + wrong + u" 🚀\"\\\n"_s + wrong +
                                                  wrong + wrong + u": No such file or directory"_s);
}

void TestRunner::hasNoRecordOfAnUnusableFolder()
{
    QProcess process;
    process.start(RunnerJob::runner(), {u"start"_s, u"--dir"_s, u"/no/where"_s, u"--stdout"_s, u"o"_s,
                                        u"--stderr"_s, u"e"_s, u"--cwd"_s, u"/"_s, u"--"_s, u"true"_s});
    QVERIFY(process.waitForFinished(patience));
    QCOMPARE(process.exitCode(), 1);
    QCOMPARE(object(process.readAllStandardOutput())[u"error"_s].toString(),
             u"cannot open the folder /no/where: No such file or directory"_s);
}

void TestRunner::refusesAWrongCommandLine_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("problem");
    const QStringList whole = {u"start"_s, u"--dir"_s, u"/"_s,        u"--stdout"_s, u"/o"_s,
                               u"--cwd"_s, u"/"_s,     u"--stderr"_s, u"/e"_s};
    QTest::newRow("nothing") << QStringList() << u"expected start or end"_s;
    QTest::newRow("an unknown verb") << QStringList{u"stop"_s} << u"expected start or end"_s;
    QTest::newRow("a missing option") << QStringList{u"start"_s, u"--"_s, u"true"_s} << u"--dir"_s;
    QTest::newRow("no program") << whole << u"no program"_s;
    QTest::newRow("an empty program") << whole + QStringList{u"--"_s} << u"no program"_s;
    QTest::newRow("an unknown option")
        << whole + QStringList{u"--color"_s, u"red"_s, u"--"_s, u"true"_s} << u"--color"_s;
    QTest::newRow("a grace that is no number")
        << whole + QStringList{u"--grace"_s, u"1s"_s, u"--"_s, u"true"_s} << u"--grace"_s;
    QTest::newRow("a negative time") << whole + QStringList{u"--timeout"_s, u"-1"_s, u"--"_s, u"true"_s}
                                     << u"--timeout"_s;
    QTest::newRow("a niceness beyond the system's")
        << whole + QStringList{u"--nice"_s, u"20"_s, u"--"_s, u"true"_s} << u"--nice"_s;
    QTest::newRow("an unknown I/O class")
        << whole + QStringList{u"--io-class"_s, u"realtime"_s, u"--"_s, u"true"_s} << u"--io-class"_s;
    QTest::newRow("a stray word") << whole + QStringList{u"true"_s} << u"unexpected word: true"_s;
    QTest::newRow("end of everybody")
        << QStringList{u"end"_s, u"--pid"_s, u"-1"_s, u"--ticks"_s, u"1"_s, u"--signal"_s, u"15"_s}
        << u"--pid"_s;
}

void TestRunner::refusesAWrongCommandLine()
{
    QFETCH(QStringList, arguments);
    QFETCH(QString, problem);
    QProcess process;
    process.start(RunnerJob::runner(), arguments);
    QVERIFY(process.waitForFinished(patience));
    QCOMPARE(process.exitCode(), 1);
    const QString said = QString::fromUtf8(process.readAllStandardError());
    QVERIFY2(said.contains(problem), qPrintable(said));
}

void TestRunner::givesTheWorkloadACleanStart()
{
    // What a careless caller might pass on: an open file, an ignored and a blocked signal.
    const int leaked = ::open("/etc/passwd", O_RDONLY); // NOLINT(android-cloexec-open): meant to leak
    QVERIFY(leaked > 2);
    RunnerJob job;
    QProcess process;
    process.setChildProcessModifier([] {
        ::signal(SIGCHLD, SIG_IGN);
        ::signal(SIGTERM, SIG_IGN);
        sigset_t blocked;
        ::sigfillset(&blocked);
        ::sigprocmask(SIG_SETMASK, &blocked, nullptr);
    });
    process.start(RunnerJob::runner(),
                  job.arguments(u"readlink /proc/self/fd/*; grep -E '^Sig(Blk|Ign)' /proc/self/status; "
                                "echo pid $$; sleep 1000"_s));
    QVERIFY(process.waitForFinished(patience));
    ::close(leaked);
    WAIT_FOR(job.out().contains("pid"));
    const QByteArray said = job.out();
    QVERIFY2(
        said.startsWith("/dev/null\n" + job.path(u"out"_s).toUtf8() + "\n" + job.path(u"err"_s).toUtf8()),
        said.constData());
    QVERIFY(!said.contains("/etc/passwd") && !said.contains("lock") && !said.contains("pipe"));
    QVERIFY2(said.contains("SigBlk:\t0000000000000000\n"), said.constData());
    QVERIFY2(said.contains("SigIgn:\t0000000000000000\n"), said.constData());

    const QDir descriptors(u"/proc/%1/fd"_s.arg(job.supervisor()));
    for (const QString &name :
         descriptors.entryList(QDir::System | QDir::Files | QDir::Dirs | QDir::NoDotAndDotDot))
        QVERIFY(QFile::symLinkTarget(descriptors.filePath(name)) != u"/etc/passwd"_s);
    ::kill(job.supervisor(), SIGTERM);
    WAIT_FOR_END(job);
    QCOMPARE(job.end(u"signal"_s).toInt(), SIGTERM);
}

void TestRunner::worksWithClosedStandardDescriptors()
{
    RunnerJob job;
    QProcess shell;
    shell.start(u"bash"_s, QStringList{u"-c"_s, u"exec \"$0\" \"$@\" <&- >&- 2>&-"_s, RunnerJob::runner()} +
                               job.arguments(u"readlink /proc/self/fd/0; echo out; echo err >&2; exit 4"_s));
    QVERIFY(shell.waitForFinished(patience));
    QCOMPARE(shell.exitCode(), 0);
    WAIT_FOR_END(job);
    QCOMPARE(job.out(), "/dev/null\nout\n");
    QCOMPARE(job.err(), "err\n");
    QCOMPARE(job.end(u"exit_code"_s), QJsonValue(4));
}

void TestRunner::survivesAHangup()
{
    RunnerJob job;
    QCOMPARE(job.start(u"until [ -e go ]; do sleep 0.01; done; exit 6"_s), 0);
    for (const int signal : {SIGHUP, SIGPIPE, SIGQUIT, SIGTSTP, SIGUSR2})
        ::kill(job.supervisor(), signal);
    QVERIFY(QFile(job.path(u"go"_s)).open(QIODevice::WriteOnly));
    WAIT_FOR_END(job);
    QCOMPARE(job.end(u"exit_code"_s), QJsonValue(6));
}

void TestRunner::isSmall()
{
#ifdef __SANITIZE_ADDRESS__
    constexpr int mostKiB = 100 * 1024;
#else
    constexpr int mostKiB = 1024;
#endif
    RunnerJob job;
    QCOMPARE(job.start(u"sleep 1000"_s), 0);
    const QByteArray memory = contents(u"/proc/%1/smaps_rollup"_s.arg(job.supervisor()));
    const QByteArray pss = memory.mid(memory.indexOf("Pss:") + 4, 24).trimmed().split(' ').first();
    QVERIFY2(pss.toInt() > 0 && pss.toInt() < mostKiB, memory.constData());
    ::kill(job.supervisor(), SIGUSR1);
    WAIT_FOR_END(job);
}

void TestRunner::startsOnlyOnce_data()
{
    QTest::addColumn<QString>("command");
    QTest::addColumn<bool>("waitForEnd");
    QTest::newRow("while it runs") << u"echo once; sleep 1000"_s << false;
    QTest::newRow("when it is over") << u"echo once"_s << true;
}

void TestRunner::startsOnlyOnce()
{
    QFETCH(QString, command);
    QFETCH(bool, waitForEnd);
    RunnerJob job;
    QCOMPARE(job.start(command), 0);
    if (waitForEnd)
        WAIT_FOR_END(job);
    const QJsonObject first = job.printed;
    QCOMPARE(job.start(command), 0);
    QCOMPARE(job.printed, first);
    QCOMPARE(job.started(), first);
    WAIT_FOR(!job.out().isEmpty());
    if (!waitForEnd)
        ::kill(job.supervisor(), SIGUSR1);
    WAIT_FOR_END(job);
    QCOMPARE(job.out(), "once\n");
}

void TestRunner::waitsForTheOneThatIsStarting()
{
    RunnerJob job;
    // We play another call, which has the lock and has not written its record yet.
    const int lock =
        ::open(QFile::encodeName(job.path(u"lock"_s)).constData(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    QCOMPARE(::flock(lock, LOCK_EX), 0);
    QProcess second;
    second.start(RunnerJob::runner(), job.arguments(u"echo wrong"_s));
    QVERIFY(second.waitForStarted(patience));
    QVERIFY(!second.waitForFinished(100)); // it may only end because of what follows
    QFile record(job.path(u"record"_s));
    QVERIFY(record.open(QIODevice::WriteOnly) && record.write("{\"pid\":1234}\n") > 0);
    record.close();
    QVERIFY(record.rename(job.path(u"started.json"_s))); // records are whole or absent
    QVERIFY(second.waitForFinished(patience));
    QCOMPARE(second.exitCode(), 0);
    QCOMPARE(second.readAllStandardOutput(), "{\"pid\":1234}\n");
    ::close(lock);
    QVERIFY(!QFile::exists(job.path(u"out"_s)));
}

void TestRunner::startsOnlyOnceWhenKilledInBetween()
{
    for (int microseconds = 0; microseconds < 20'000; microseconds += 400) {
        RunnerJob job;
        const QString command = u"echo once"_s;
        QProcess killed;
        killed.start(RunnerJob::runner(), job.arguments(command));
        QVERIFY(killed.waitForStarted(patience));
        ::usleep(static_cast<useconds_t>(microseconds)); // any moment will do: each may be the wrong one
        killed.kill();
        QVERIFY(killed.waitForFinished(patience));
        QCOMPARE(job.start(command), 0);
        WAIT_FOR_END(job);
        QCOMPARE(job.out(), "once\n");
        QCOMPARE(job.end(u"exit_code"_s), QJsonValue(0));
    }
}

QTEST_GUILESS_MAIN(TestRunner)
#include "tst_runner.moc"
