#include "faults/imagedisk.h"
#include "faults/stage.h"
#include "platform/processstat.h"
#include "support/processes.h"
#include "support/requester.h"
#include "support/waiting.h"

#include <QJsonDocument>
#include <QRandomGenerator>
#include <QSet>
#include <QTest>

#include <algorithm>
#include <csignal>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;
using namespace cloudnode::faults;
using cloudnode::test::isAlive;

/// The power goes, and with it all that has not been brought to the disk: what was accepted is run, with the
/// parameters it came with, what was reported stays true, and nothing runs twice.
class TestPowerCut : public QObject {
    Q_OBJECT

private slots:
    void losesNothing();

private:
    void freeze();
    void end();
    void runFor(int finals);
    QHash<QString, QList<qsizetype>> begun() const;
    static QString statusOf(const QJsonObject &response);

    std::unique_ptr<NodeProcess> m_node;
    std::unique_ptr<Requester> m_requester;
    QStringList m_sent;
    QStringList m_open; ///< those of them whose end has not been told yet
};

namespace {

constexpr int atATime = 4;

/// Those of every other workload are too many for its record.
QJsonObject paramsOf(int number)
{
    return {{u"text"_s, QString(number % 2 == 0 ? 10 : 100'000, u'x')}};
}

qsizetype paramsSize(int number)
{
    return QJsonDocument(paramsOf(number)).toJson(QJsonDocument::Compact).size();
}

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
            const int number = static_cast<int>(m_sent.size());
            m_sent << u"r%1"_s.arg(number);
            m_open << m_sent.last();
            m_requester->send(m_node->slug(), u"inference"_s, m_sent.last(), paramsOf(number));
        }
        return ended >= finals;
    }());
}

/// The ids of those that were run, each time with the size of the parameters it has found, as they have noted
/// them on another disk.
QHash<QString, QList<qsizetype>> TestPowerCut::begun() const
{
    QFile notes(m_node->projectFile(u"begun"_s));
    QHash<QString, QList<qsizetype>> found;
    if (!notes.open(QIODevice::ReadOnly))
        return found;
    for (const QByteArray &line : notes.readAll().split('\n')) {
        const QByteArrayList words = line.split(' ');
        if (words.size() == 2)
            found[QString::fromUtf8(words[0])] << words[1].toLongLong();
    }
    return found;
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
    m_node->configure({u"inference: 'echo {request_id} $(wc -c < {body_file}) >> begun; exit 3'"_s,
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
    for (int number = 0; number < m_sent.size(); ++number) {
        const QString &id = m_sent.at(number);
        WAIT_FOR(!m_requester->finals(id).isEmpty());
        QSet<QString> told;
        for (const QJsonObject &final : m_requester->finals(id))
            told << statusOf(final);
        QVERIFY2(told.size() == 1, qPrintable(id + u": "_s + QStringList(told.values()).join(u", "_s)));
        const QList<qsizetype> runs = begun().value(id);
        if (!told.contains(u"failed 3"_s))
            ++unseen;
        else
            QCOMPARE(runs.size(), 1);
        QVERIFY2(runs.size() <= 1, qPrintable(id));
        for (const qsizetype size : runs)
            QCOMPARE(size, paramsSize(number));
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
