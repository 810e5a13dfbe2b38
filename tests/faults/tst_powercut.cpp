#include "faults/imagedisk.h"
#include "faults/stage.h"
#include "platform/processstat.h"
#include "support/requester.h"
#include "support/waiting.h"

#include <QRandomGenerator>
#include <QSet>
#include <QTest>

#include <algorithm>
#include <csignal>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;
using namespace cloudnode::faults;

/// The power goes, and with it all that has not been brought to the disk: what was accepted is run, what was
/// reported stays true, and nothing runs twice.
class TestPowerCut : public QObject {
    Q_OBJECT

private slots:
    void losesNothing();

private:
    void freeze();
    void end();
    void runFor(int finals);
    QStringList begun() const;
    static QString statusOf(const QJsonObject &response);

    std::unique_ptr<NodeProcess> m_node;
    std::unique_ptr<Requester> m_requester;
    QStringList m_sent;
    QStringList m_open; ///< those of them whose end has not been told yet
};

namespace {

constexpr int atATime = 4;

} // namespace

/// Neither it nor anything of its goes on; whatever they are doing in the kernel they do to its end. The node
/// first, as it alone tells anybody: once it stands still, nothing more is promised.
void TestPowerCut::freeze()
{
    const auto node = static_cast<pid_t>(m_node->pid());
    ::kill(node, SIGSTOP);
    WAIT_FOR(ProcessStat::read(node)->state == 'T');
    QList<pid_t> stopped;
    for (QList<pid_t> family = m_node->family(); family != stopped; family = m_node->family()) {
        stopped = family; // some may be about to fork
        for (const pid_t pid : family)
            ::kill(pid, SIGSTOP);
    }
}

/// With all that it has begun. One that is going has no environment any more, and still has its files.
void TestPowerCut::end()
{
    const QList<pid_t> family = m_node->family();
    for (const pid_t pid : family)
        ::kill(pid, SIGKILL);
    m_node->kill();
    WAIT_FOR(std::none_of(family.cbegin(), family.cend(), isAlive));
}

/// Keeps it busy until so many more have ended.
void TestPowerCut::runFor(int finals)
{
    int ended = 0;
    WAIT_FOR([&] {
        ended += static_cast<int>(
            m_open.removeIf([this](const QString &id) { return !m_requester->finals(id).isEmpty(); }));
        while (m_open.size() < atATime) {
            m_sent << u"r%1"_s.arg(m_sent.size());
            m_open << m_sent.last();
            m_requester->send(m_node->slug(), u"inference"_s, m_sent.last());
        }
        return ended >= finals;
    }());
}

/// The ids of those that were run, as they have noted them on another disk.
QStringList TestPowerCut::begun() const
{
    QFile notes(m_node->projectFile(u"begun"_s));
    return notes.open(QIODevice::ReadOnly)
               ? QString::fromUtf8(notes.readAll()).split(u'\n', Qt::SkipEmptyParts)
               : QStringList();
}

QString TestPowerCut::statusOf(const QJsonObject &response)
{
    const QJsonObject workload = response.value("workload"_L1).toObject();
    return u"%1 %2"_s.arg(workload.value("status"_L1).toString())
        .arg(workload.value("exit_code"_L1).toInt(-1000));
}

void TestPowerCut::losesNothing()
{
    QRandomGenerator chance(Stage::seed());
    test::SandboxProcess sandbox({u"--mqtt-port"_s, u"0"_s});
    QVERIFY(sandbox.start());
    m_requester = std::make_unique<Requester>(sandbox.mqttPort());
    QVERIFY(m_requester->start());
    ImageDisk disk;
    m_node = std::make_unique<NodeProcess>(sandbox.apiUrl(), sandbox.mqttPort());
    if (!disk.mountAt(m_node->stateDir()))
        QSKIP("this machine does not let us mount a disk for the test");
    m_node->configure({u"inference: 'echo {request_id} >> begun; exit 3'"_s,
                       u"max_concurrent_workloads: %1"_s.arg(atATime)});
    const int cuts = Stage::isLong() ? 50 : 3;
    for (int i = 0; i < cuts && !QTest::currentTestFailed(); ++i) {
        QVERIFY2(m_node->startAndWait(), qPrintable(m_node->log()));
        runFor(chance.bounded(1, 30));
        QTest::qWait(chance.bounded(10));
        freeze();
        const auto cut = disk.cutPower();
        QVERIFY2(cut, qPrintable(cut ? QString() : cut.error().text()));
        end();
        const auto back = disk.comeBack();
        QVERIFY2(back, qPrintable(back ? QString() : back.error().text()));
    }
    QVERIFY2(m_node->startAndWait(), qPrintable(m_node->log()));
    int unseen = 0; // ends
    qsizetype repeated = 0;
    for (const QString &id : m_sent) {
        WAIT_FOR(!m_requester->finals(id).isEmpty());
        QSet<QString> told;
        for (const QJsonObject &final : m_requester->finals(id))
            told << statusOf(final);
        QVERIFY2(told.size() == 1, qPrintable(id + u": "_s + QStringList(told.values()).join(u", "_s)));
        if (!told.contains(u"failed 3"_s))
            ++unseen;
        else
            QCOMPARE(begun().count(id), 1);
        QVERIFY2(begun().count(id) <= 1, qPrintable(id));
        repeated += m_requester->finals(id).size() - 1;
    }
    QVERIFY(unseen <= cuts * atATime); // those that ran at that moment
    qInfo().noquote() << u"%1 power cuts; %2 commands: none lost, none wrong, %3 unseen, %4 repeated"_s
                             .arg(cuts)
                             .arg(m_sent.size())
                             .arg(unseen)
                             .arg(repeated);
    end();
}

QTEST_GUILESS_MAIN(TestPowerCut)
#include "tst_powercut.moc"
