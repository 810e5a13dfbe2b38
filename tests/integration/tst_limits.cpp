#include "support/nodeprocess.h"
#include "support/requester.h"
#include "support/sandboxprocess.h"
#include "support/waiting.h"

#include <QDir>
#include <QFile>
#include <QProcess>
#include <QTest>

#include <unistd.h>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;
using test::SandboxProcess;

/// A node that has reached the limits the system sets it: it says so to whoever asks, and works again as soon
/// as it may.
class TestLimits : public QObject {
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void livesWithoutDescriptors();
    void livesWithoutProcesses();

private:
    void start();
    void limit(const QString &resource, qsizetype most);
    QJsonObject finalOf(const QString &requestId);
    void checkEachLimit(const QString &resource, qsizetype used, const QStringList &reasons);

    std::unique_ptr<SandboxProcess> m_sandbox;
    std::unique_ptr<NodeProcess> m_node;
    std::unique_ptr<Requester> m_requester;
    uid_t m_user = ::geteuid(); ///< whom the node runs as
};

namespace {

constexpr uid_t nobody = 65534;
constexpr qsizetype plenty = 4096;
constexpr qsizetype steps = 24; ///< from a limit that a start cannot do with to one that it can

qsizetype descriptorsOf(qint64 pid)
{
    const QDir folder(u"/proc/%1/fd"_s.arg(pid));
    return folder.entryList(QDir::AllEntries | QDir::System | QDir::NoDotAndDotDot).size();
}

QStringList descendantsOf(const QString &pid)
{
    QFile file(u"/proc/%1/task/%1/children"_s.arg(pid));
    if (!file.open(QIODevice::ReadOnly))
        return {}; // it has ended
    const QStringList children = QString::fromLatin1(file.readAll()).split(u' ', Qt::SkipEmptyParts);
    QStringList all = children;
    for (const QString &child : children)
        all << descendantsOf(child);
    return all;
}

} // namespace

void TestLimits::init()
{
    m_sandbox = std::make_unique<SandboxProcess>(QStringList{u"--mqtt-port"_s, u"0"_s});
    QVERIFY(m_sandbox->start());
    m_node = std::make_unique<NodeProcess>(m_sandbox->apiUrl(), m_sandbox->mqttPort());
    m_requester = std::make_unique<Requester>(m_sandbox->mqttPort());
    QVERIFY(m_requester->start());
}

void TestLimits::cleanup()
{
    m_node.reset();
    m_requester.reset();
    const auto stopped = m_sandbox->stop();
    QVERIFY2(stopped, qPrintable(stopped ? QString() : stopped.error().text()));
}

void TestLimits::start()
{
    m_node->configure({u"training: echo hello"_s});
    QVERIFY2(m_node->startAndWait(), qPrintable(m_node->log()));
    m_requester->send(m_node->slug(), u"training"_s, u"first"_s);
    QCOMPARE(finalOf(u"first"_s)["output"_L1], u"hello\n"_s);
}

/// Of the node that runs, of the runners that wait beside it, and of what they start.
void TestLimits::limit(const QString &resource, qsizetype most)
{
    const auto limitOne = [&](const QString &pid) {
        // By the node's own user: not every root may do it for others.
        QProcess prlimit;
        prlimit.setChildProcessModifier([user = m_user] {
            if (user != ::geteuid() && (::setgid(user) != 0 || ::setuid(user) != 0))
                ::_exit(127);
        });
        prlimit.start(u"prlimit"_s, {u"--pid"_s, pid, u"--%1=%2:%3"_s.arg(resource).arg(most).arg(plenty)});
        prlimit.waitForFinished();
        return prlimit.exitCode() == 0 ? QByteArray() : prlimit.readAllStandardError() + "failed";
    };
    const QString node = QString::number(m_node->pid());
    const QByteArray problem = limitOne(node);
    QVERIFY2(problem.isEmpty(), problem.constData());
    for (const QString &runner : descendantsOf(node))
        (void)limitOne(runner); // one that has ended meanwhile needs no limit
}

QJsonObject TestLimits::finalOf(const QString &requestId)
{
    [&] { WAIT_FOR(!m_requester->final(requestId).isEmpty()); }();
    return m_requester->final(requestId);
}

/// From nothing to enough, so that each step of a start is the one that fails.
void TestLimits::checkEachLimit(const QString &resource, qsizetype used, const QStringList &reasons)
{
    int refused = 0;
    for (qsizetype more = 0; more < steps; ++more) {
        limit(resource, used + more);
        const QString id = u"r%1"_s.arg(more);
        m_requester->send(m_node->slug(), u"training"_s, id);
        const QJsonObject final = finalOf(id);
        m_requester->send(m_node->slug(), u"status"_s, u"s"_s + id);
        QCOMPARE(finalOf(u"s"_s + id)["status"_L1], u"ok"_s);
        if (final["status"_L1] == u"ok"_s) {
            QCOMPARE(final["output"_L1], u"hello\n"_s);
            continue;
        }
        ++refused;
        const QString error = final["error"_L1].toString();
        const bool clear = std::any_of(reasons.cbegin(), reasons.cend(),
                                       [&](const QString &reason) { return error.contains(reason); });
        QVERIFY2(clear, qPrintable(error));
    }
    QVERIFY(refused > 0);
    limit(resource, plenty);
    m_requester->send(m_node->slug(), u"training"_s, u"last"_s);
    QCOMPARE(finalOf(u"last"_s)["output"_L1], u"hello\n"_s);
    for (qsizetype more = 0; more < steps; ++more)
        QCOMPARE(m_requester->finals(u"r%1"_s.arg(more)).size(), 1);
    QVERIFY(m_node->isRunning());
}

void TestLimits::livesWithoutDescriptors()
{
    start();
    // The limit is one of their numbers, and those of connections that have been closed are free.
    checkEachLimit(u"nofile"_s, descriptorsOf(m_node->pid()) - steps / 2,
                   {u"Too many open files"_s, u"no descriptor left"_s});
}

void TestLimits::livesWithoutProcesses()
{
    if (::geteuid() != 0 || !m_node->runAs(nobody))
        QSKIP("only root can run the node as somebody whose processes are counted");
    m_user = nobody;
    start();
    checkEachLimit(u"nproc"_s, 1, {u"Resource temporarily unavailable"_s});
}

QTEST_GUILESS_MAIN(TestLimits)
#include "tst_limits.moc"
