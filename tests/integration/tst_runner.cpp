#include "platform/processstat.h"
#include "support/waiting.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include <csignal>

using namespace Qt::Literals::StringLiterals;
using cloudnode::patience;
using cloudnode::ProcessStat;

namespace {

QByteArray contents(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

QJsonObject object(const QByteArray &json)
{
    return QJsonDocument::fromJson(json).object();
}

bool isRunning(qint64 pid)
{
    const auto stat = ProcessStat::read(static_cast<pid_t>(pid));
    return stat && !stat->isOver();
}

/// One directory with the runner's files, and the program that works on it.
class Job {
public:
    ~Job()
    {
        if (isRunning(supervisor())) // a failed test leaves nothing behind
            ::kill(supervisor(), SIGUSR1);
    }

    QString path(const QString &name) const { return m_folder.filePath(name); }
    QByteArray out() const { return contents(path(u"out"_s)); }
    QByteArray err() const { return contents(path(u"err"_s)); }
    QJsonObject started() const { return object(contents(path(u"started.json"_s))); }
    QJsonObject ended() const { return object(contents(path(u"exit.json"_s))); }
    QJsonValue end(const QString &key) const { return ended().value(key); }
    qint64 pid() const { return started()[u"pid"_s].toInteger(); }
    pid_t supervisor() const { return static_cast<pid_t>(started()[u"supervisor_pid"_s].toInteger()); }
    /// The number a workload has written into a file of its working directory.
    qint64 pidIn(const QString &name) const { return contents(path(name)).trimmed().toLongLong(); }

    QStringList arguments(const QString &command) const
    {
        return QStringList{u"start"_s,    u"--dir"_s,     m_folder.path(), u"--stdout"_s,   path(u"out"_s),
                           u"--stderr"_s, path(u"err"_s), u"--cwd"_s,      workingDirectory} +
               options +
               (program.isEmpty() ? QStringList{u"--"_s, u"bash"_s, u"-c"_s, command}
                                  : QStringList{u"--"_s, program});
    }
    /// Runs `start` to its end and keeps what it printed.
    int start(const QString &command)
    {
        QProcess process;
        process.start(runner(), arguments(command));
        process.closeWriteChannel();
        if (!process.waitForFinished(patience) || process.exitStatus() != QProcess::NormalExit)
            return -1;
        printed = object(process.readAllStandardOutput());
        return process.exitCode();
    }
    static QString runner() { return QStringLiteral(CLOUDNODE_BIN_DIR "/cloudnode-runner"); }

    QStringList options;
    QString program;
    QJsonObject printed;

private:
    QTemporaryDir m_folder;

public:
    QString workingDirectory = m_folder.path(); // needs m_folder
};

} // namespace

#define WAIT_FOR_END(job) WAIT_FOR(!(job).ended().isEmpty())

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

    void holdsTheWorkloadToItsLimits_data();
    void holdsTheWorkloadToItsLimits();
    void refusesMemoryBeyondTheLimit();
    void isTheFirstToGoWhenMemoryRunsOut();
    void setsUpACgroup();
    void saysWhyThereIsNoCgroup();

    void passesSignalsOn_data();
    void passesSignalsOn();
    void killsWhatIgnoresTheSignal();
    void killsAtOnceWhenTold();
    void wakesAStoppedWorkload();
    void endsAWorkloadWhoseTimeIsUp();
    void leavesTheGraceToChildrenOfADeadShell();
    void killsDescendantsThatLeftTheGroup();
    void sweepsLeftoversOfAFinishedWorkload();

    void startsOnlyOnce_data();
    void startsOnlyOnce();
    void waitsForTheOneThatIsStarting();
    void startsOnlyOnceWhenKilledInBetween();
    void workloadOutlivesItsSupervisor();
    void endsAnOrphanWithItsTree_data();
    void endsAnOrphanWithItsTree();
    void endHitsNoStranger();
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
    Job job;
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
    Job job;
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
    Job job;
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
    Job job;
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
    Job job;
    QStringList arguments = job.arguments({}); // ... -- bash -c ""
    arguments.resize(arguments.indexOf(u"--"_s) + 1);
    QProcess shell;
    shell.start(
        u"bash"_s,
        QStringList{u"-c"_s,
                    u"exec \"$0\" \"$@\" $'\\xff\\xc3 \\xf0\\x9f\\x9a\\x80\"\\\\\\n\\xed\\xa0\\x80'"_s,
                    Job::runner()} +
            arguments);
    QVERIFY(shell.waitForFinished(patience));
    const QString wrong(QChar::ReplacementCharacter);
    QCOMPARE(job.end(u"reason"_s).toString(), u"cannot run "_s + wrong + wrong + u" 🚀\"\\\n"_s + wrong +
                                                  wrong + wrong + u": No such file or directory"_s);
}

void TestRunner::hasNoRecordOfAnUnusableFolder()
{
    QProcess process;
    process.start(Job::runner(), {u"start"_s, u"--dir"_s, u"/no/where"_s, u"--stdout"_s, u"o"_s,
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
    process.start(Job::runner(), arguments);
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
    Job job;
    QProcess process;
    process.setChildProcessModifier([] {
        ::signal(SIGCHLD, SIG_IGN);
        ::signal(SIGTERM, SIG_IGN);
        sigset_t blocked;
        ::sigfillset(&blocked);
        ::sigprocmask(SIG_SETMASK, &blocked, nullptr);
    });
    process.start(Job::runner(),
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
    Job job;
    QProcess shell;
    shell.start(u"bash"_s, QStringList{u"-c"_s, u"exec \"$0\" \"$@\" <&- >&- 2>&-"_s, Job::runner()} +
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
    Job job;
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
    Job job;
    QCOMPARE(job.start(u"sleep 1000"_s), 0);
    const QByteArray memory = contents(u"/proc/%1/smaps_rollup"_s.arg(job.supervisor()));
    const QByteArray pss = memory.mid(memory.indexOf("Pss:") + 4, 24).trimmed().split(' ').first();
    QVERIFY2(pss.toInt() > 0 && pss.toInt() < mostKiB, memory.constData());
    ::kill(job.supervisor(), SIGUSR1);
    WAIT_FOR_END(job);
}

void TestRunner::passesSignalsOn_data()
{
    QTest::addColumn<int>("signal");
    QTest::addColumn<QString>("command");
    QTest::addColumn<QByteArray>("name"); // of the process, once it can take the signal
    QTest::addColumn<QJsonValue>("exitCode");
    QTest::addColumn<QJsonValue>("endingSignal");
    const QJsonValue null(QJsonValue::Null);
    const QString loop = u"echo ready; while :; do sleep 0.01; done"_s;
    const QString plain = u"echo ready; exec sleep 1000"_s; // no shell: it may swallow a SIGINT
    QTest::newRow("SIGTERM ends it") << SIGTERM << plain << QByteArray("sleep\n") << null
                                     << QJsonValue(SIGTERM);
    QTest::newRow("SIGINT ends it") << SIGINT << plain << QByteArray("sleep\n") << null << QJsonValue(SIGINT);
    QTest::newRow("SIGTERM is handled") << SIGTERM << u"trap 'echo bye; exit 0' TERM; "_s + loop
                                        << QByteArray("bash\n") << QJsonValue(0) << null;
    QTest::newRow("SIGINT is handled")
        << SIGINT << u"trap 'exit 7' INT; "_s + loop << QByteArray("bash\n") << QJsonValue(7) << null;
}

void TestRunner::passesSignalsOn()
{
    QFETCH(int, signal);
    QFETCH(QString, command);
    QFETCH(QByteArray, name);
    Job job;
    QCOMPARE(job.start(command), 0);
    WAIT_FOR(job.out().contains("ready"));
    WAIT_FOR(contents(u"/proc/%1/comm"_s.arg(job.pid())) == name);
    ::kill(job.supervisor(), signal);
    WAIT_FOR_END(job);
    QTEST(job.end(u"exit_code"_s), "exitCode");
    QTEST(job.end(u"signal"_s), "endingSignal");
    QCOMPARE(job.end(u"timed_out"_s), QJsonValue(false));
}

void TestRunner::killsWhatIgnoresTheSignal()
{
    Job job;
    job.options = {u"--grace"_s, u"1"_s};
    QCOMPARE(job.start(u"trap '' TERM; echo ready; while :; do sleep 0.01; done"_s), 0);
    WAIT_FOR(job.out().contains("ready"));
    ::kill(job.supervisor(), SIGTERM);
    WAIT_FOR_END(job);
    QCOMPARE(job.end(u"signal"_s), QJsonValue(SIGKILL));
}

void TestRunner::killsAtOnceWhenTold()
{
    Job job;
    job.options = {u"--grace"_s, u"100000"_s};
    QCOMPARE(job.start(u"trap '' TERM; echo ready; while :; do sleep 0.01; done"_s), 0);
    WAIT_FOR(job.out().contains("ready"));
    ::kill(job.supervisor(), SIGTERM); // is waiting for its grace when the order to force comes
    ::kill(job.supervisor(), SIGUSR1);
    WAIT_FOR_END(job);
    QCOMPARE(job.end(u"signal"_s), QJsonValue(SIGKILL));
}

void TestRunner::wakesAStoppedWorkload()
{
    Job job;
    QCOMPARE(job.start(u"trap 'exit 5' TERM; echo ready; kill -STOP $$; sleep 0.01; exit 1"_s), 0);
    WAIT_FOR(ProcessStat::read(static_cast<pid_t>(job.pid()))->state == 'T');
    ::kill(job.supervisor(), SIGTERM);
    WAIT_FOR_END(job);
    QCOMPARE(job.end(u"exit_code"_s), QJsonValue(5));
}

void TestRunner::endsAWorkloadWhoseTimeIsUp()
{
    Job job;
    job.options = {u"--timeout"_s, u"1"_s};
    QCOMPARE(job.start(u"trap 'exit 8' TERM; while :; do sleep 0.01; done"_s), 0);
    WAIT_FOR_END(job);
    QCOMPARE(job.end(u"exit_code"_s), QJsonValue(8));
    QCOMPARE(job.end(u"timed_out"_s), QJsonValue(true));
}

void TestRunner::leavesTheGraceToChildrenOfADeadShell()
{
    Job job;
    job.options = {u"--grace"_s, u"100000"_s};
    // The outer shell dies of the signal; what it started saves its work first.
    QCOMPARE(job.start(u"bash -c 'trap \"until [ -e go ]; do sleep 0.01; done; echo saved; exit 0\" TERM;"
                       "echo ready; while :; do sleep 0.01; done'; echo never"_s),
             0);
    WAIT_FOR(job.out().contains("ready"));
    ::kill(job.supervisor(), SIGTERM);
    WAIT_FOR(!isRunning(job.pid()));
    QVERIFY(job.ended().isEmpty());
    QVERIFY(QFile(job.path(u"go"_s)).open(QIODevice::WriteOnly));
    WAIT_FOR_END(job);
    QCOMPARE(job.out(), "ready\nsaved\n");
    QCOMPARE(job.end(u"signal"_s), QJsonValue(SIGTERM));
}

void TestRunner::killsDescendantsThatLeftTheGroup()
{
    Job job;
    job.options = {u"--grace"_s, u"1"_s};
    // One in its own session, with its parent gone and deaf to SIGTERM; one an ordinary child.
    QCOMPARE(job.start(u"(setsid bash -c 'trap \"\" TERM; echo $BASHPID > far; sleep 1000' &);"
                       "bash -c 'echo $BASHPID > near; sleep 1000; :' &"
                       "echo ready; wait; :"_s),
             0);
    WAIT_FOR(job.pidIn(u"far"_s) > 0 && job.pidIn(u"near"_s) > 0);
    ::kill(job.supervisor(), SIGTERM);
    WAIT_FOR_END(job);
    QVERIFY(!isRunning(job.pidIn(u"far"_s)));
    QVERIFY(!isRunning(job.pidIn(u"near"_s)));
    QCOMPARE(job.end(u"signal"_s), QJsonValue(SIGTERM));
    QVERIFY(!job.ended().contains(u"survivors"_s));
}

void TestRunner::sweepsLeftoversOfAFinishedWorkload()
{
    Job job;
    QCOMPARE(job.start(u"(setsid bash -c 'trap \"\" TERM; echo $BASHPID > far; sleep 1000' &);"
                       "until [ -s far ]; do sleep 0.01; done; exit 9"_s),
             0);
    WAIT_FOR_END(job);
    QVERIFY(!isRunning(job.pidIn(u"far"_s)));
    QCOMPARE(job.end(u"exit_code"_s), QJsonValue(9));
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
    Job job;
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
    Job job;
    // We play another call, which has the lock and has not written its record yet.
    const int lock =
        ::open(QFile::encodeName(job.path(u"lock"_s)).constData(), O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    QCOMPARE(::flock(lock, LOCK_EX), 0);
    QProcess second;
    second.start(Job::runner(), job.arguments(u"echo wrong"_s));
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
        Job job;
        const QString command = u"echo once"_s;
        QProcess killed;
        killed.start(Job::runner(), job.arguments(command));
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

void TestRunner::workloadOutlivesItsSupervisor()
{
    Job job;
    QCOMPARE(job.start(u"until [ -e go ]; do sleep 0.01; done; echo done"_s), 0);
    const pid_t supervisor = job.supervisor();
    ::kill(supervisor, SIGKILL);
    WAIT_FOR(!isRunning(supervisor));
    QVERIFY(isRunning(job.pid()));
    QCOMPARE(job.start(u"echo again"_s), 0); // and nobody takes it for one that never began
    QCOMPARE(job.printed, job.started());
    QVERIFY(QFile(job.path(u"go"_s)).open(QIODevice::WriteOnly));
    WAIT_FOR(job.out() == "done\n");
    QVERIFY(job.ended().isEmpty());
}

void TestRunner::endsAnOrphanWithItsTree_data()
{
    QTest::addColumn<int>("signal");
    QTest::newRow("asked first") << SIGTERM;
    QTest::newRow("at once") << SIGKILL;
}

void TestRunner::endsAnOrphanWithItsTree()
{
    QFETCH(int, signal);
    Job job;
    QCOMPARE(job.start(u"(setsid bash -c 'trap \"\" TERM; echo $BASHPID > far; sleep 1000; :' &"
                       "until [ -s far ]; do sleep 0.01; done; wait); :"_s),
             0);
    WAIT_FOR(job.pidIn(u"far"_s) > 0);
    ::kill(job.supervisor(), SIGKILL);
    WAIT_FOR(!isRunning(job.supervisor()));
    const QString ticks = QString::number(job.started()[u"start_ticks"_s].toInteger());
    QProcess process;
    process.start(Job::runner(), {u"end"_s, u"--pid"_s, QString::number(job.pid()), u"--ticks"_s, ticks,
                                  u"--signal"_s, QString::number(signal), u"--grace"_s, u"1"_s});
    QVERIFY(process.waitForFinished(patience));
    QCOMPARE(process.exitCode(), 0);
    WAIT_FOR(!isRunning(job.pid()));
    WAIT_FOR(!isRunning(job.pidIn(u"far"_s)));
}

void TestRunner::endHitsNoStranger()
{
    QProcess stranger;
    stranger.start(u"sleep"_s, {u"1000"_s});
    QVERIFY(stranger.waitForStarted(patience));
    QProcess process;
    process.start(Job::runner(), {u"end"_s, u"--pid"_s, QString::number(stranger.processId()), u"--ticks"_s,
                                  u"1"_s, u"--signal"_s, u"9"_s});
    QVERIFY(process.waitForFinished(patience));
    QCOMPARE(process.exitCode(), 0);
    QCOMPARE(stranger.state(), QProcess::Running);
    QVERIFY(!stranger.waitForFinished(0));
    stranger.kill();
    QVERIFY(stranger.waitForFinished(patience));
}

void TestRunner::holdsTheWorkloadToItsLimits_data()
{
    QTest::addColumn<QStringList>("options");
    QTest::addColumn<QString>("command");
    QTest::addColumn<QByteArray>("output");
    const QString niceness = u"nice"_s;
    const int own = ::getpriority(PRIO_PROCESS, 0); // the tests themselves may step back
    QTest::newRow("no limits") << QStringList() << niceness << QByteArray::number(own) + '\n';
    QTest::newRow("niceness") << QStringList{u"--nice"_s, u"17"_s} << niceness << QByteArray("17\n");
    const QString ioClass = u"ionice"_s;
    QTest::newRow("idle I/O") << QStringList{u"--io-class"_s, u"idle"_s} << ioClass << QByteArray("idle\n");
    QTest::newRow("lowest I/O") << QStringList{u"--io-class"_s, u"best-effort"_s} << ioClass
                                << QByteArray("best-effort: prio 7\n");
    const QString privileges = u"grep NoNewPrivs /proc/self/status"_s;
    QTest::newRow("privileges as they are") << QStringList() << privileges << QByteArray("NoNewPrivs:\t0\n");
    QTest::newRow("no new privileges")
        << QStringList{u"--no-new-privileges"_s, u"1"_s} << privileges << QByteArray("NoNewPrivs:\t1\n");
    QTest::newRow("memory") << QStringList{u"--memory-mib"_s, u"64"_s} << u"ulimit -d"_s
                            << QByteArray("65536\n");
}

void TestRunner::holdsTheWorkloadToItsLimits()
{
    QFETCH(QStringList, options);
    QFETCH(QString, command);
    Job job;
    job.options = options;
    QCOMPARE(job.start(command), 0);
    WAIT_FOR_END(job);
    QTEST(job.out(), "output");
}

void TestRunner::refusesMemoryBeyondTheLimit()
{
    Job job;
    job.options = {u"--memory-mib"_s, u"64"_s};
    QCOMPARE(job.start(u"python3 -c 'x = bytearray(200 << 20)'"_s), 0);
    WAIT_FOR_END(job);
    QCOMPARE(job.end(u"exit_code"_s), 1);
    QVERIFY2(job.err().contains("MemoryError"), job.err().constData());
}

void TestRunner::isTheFirstToGoWhenMemoryRunsOut()
{
    Job job;
    QCOMPARE(job.start(u"cat /proc/self/oom_score_adj"_s), 0);
    WAIT_FOR_END(job);
    const int own = contents(u"/proc/self/oom_score_adj"_s).trimmed().toInt();
    QCOMPARE(job.out().trimmed().toInt(), std::min(1000, std::max(0, own) + 200));
}

void TestRunner::setsUpACgroup()
{
    // No kernel holds anybody to what stands in this folder, but what is written into it is what a kernel
    // would be told.
    QTemporaryDir tree;
    const QString group = tree.filePath(u"w1"_s);
    QVERIFY(QDir().mkpath(group));
    for (const QString &name : {u"memory.max"_s, u"cpu.max"_s, u"pids.max"_s, u"cgroup.procs"_s}) {
        QFile file(group + u'/' + name);
        QVERIFY(file.open(QIODevice::WriteOnly));
    }
    QFile events(group + u"/memory.events"_s);
    QVERIFY(events.open(QIODevice::WriteOnly));
    events.write("low 0\nhigh 0\nmax 12\noom 1\noom_kill 1\noom_group_kill 1\n");
    events.close();
    Job job;
    job.options = {u"--cgroup"_s,      group,    u"--memory-mib"_s, u"64"_s,
                   u"--cpu-percent"_s, u"150"_s, u"--processes"_s,  u"30"_s};
    QCOMPARE(job.start(u"ulimit -d"_s), 0);
    WAIT_FOR_END(job);
    QCOMPARE(contents(group + u"/memory.max"_s), "67108864");
    QCOMPARE(contents(group + u"/cpu.max"_s), "150000 100000");
    QCOMPARE(contents(group + u"/pids.max"_s), "30");
    QCOMPARE(contents(group + u"/cgroup.procs"_s), "0"); // to the kernel: whoever writes this
    QCOMPARE(job.out(), "unlimited\n");
    QCOMPARE(job.end(u"memory_kills"_s), 1);
}

void TestRunner::saysWhyThereIsNoCgroup()
{
    Job job;
    job.options = {u"--cgroup"_s, job.path(u"w1"_s), u"--memory-mib"_s, u"64"_s};
    QCOMPARE(job.start(u"true"_s), 1);
    const QString reason = job.printed.value(u"reason"_s).toString();
    QVERIFY2(reason.contains(u"cannot set up the cgroup"_s) && reason.contains(u"No such file"_s),
             qPrintable(reason));
}

QTEST_GUILESS_MAIN(TestRunner)
#include "tst_runner.moc"
