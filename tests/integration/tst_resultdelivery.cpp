#include "support/nodeprocess.h"
#include "support/requester.h"
#include "support/sandboxprocess.h"
#include "support/waiting.h"

#include <QCryptographicHash>
#include <QJsonArray>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;
using test::SandboxProcess;

/// Result files from a real node to the stand-in cloud, which holds every step against the contract.
class TestResultDelivery : public QObject {
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void isToldInOrder();
    void givesUpNothingForAStoreInTrouble();
    void confirmsEachFileOnceOverADeathOfTheNode();
    void endsThoughThereIsNothingToUpload();

private:
    void train(const QString &script);
    QStringList statuses() const;
    QStringList confirmed() const;
    qsizetype count(const QString &event) const { return m_sandbox->events(event).size(); }

    std::unique_ptr<SandboxProcess> m_sandbox;
    std::unique_ptr<NodeProcess> m_node;
    std::unique_ptr<Requester> m_requester;
};

void TestResultDelivery::init()
{
    m_sandbox = std::make_unique<SandboxProcess>(QStringList{u"--mqtt-port"_s, u"0"_s, u"--any-workload"_s});
    QVERIFY(m_sandbox->start());
    m_node = std::make_unique<NodeProcess>(m_sandbox->apiUrl(), m_sandbox->mqttPort());
    m_requester = std::make_unique<Requester>(m_sandbox->mqttPort());
    QVERIFY(m_requester->start());
    m_node->configure({u"training: sh train.sh"_s});
    QVERIFY2(m_node->startAndWait(), qPrintable(m_node->log()));
}

void TestResultDelivery::cleanup()
{
    m_node.reset();
    m_requester.reset();
    const auto stopped = m_sandbox->stop();
    QVERIFY2(stopped, qPrintable(stopped ? QString() : stopped.error().text()));
}

void TestResultDelivery::train(const QString &script)
{
    m_node->addFile(u"train.sh"_s, "cd \"$CYBERWAVE_RESULTS_DIR\"\n" + script.toUtf8() + '\n');
    m_requester->send(m_node->slug(), u"training"_s, u"r1"_s, QJsonObject{{u"workload_uuid"_s, u"w-1"_s}});
}

QStringList TestResultDelivery::statuses() const
{
    QStringList words;
    const auto events = m_sandbox->events(u"workload_status"_s);
    for (const QJsonObject &event : events)
        words << event[u"status"_s].toString();
    return words;
}

QStringList TestResultDelivery::confirmed() const
{
    QStringList names;
    const auto events = m_sandbox->events(u"results_confirmed"_s);
    for (const QJsonObject &event : events)
        names << event[u"filenames"_s].toVariant().toStringList();
    names.sort();
    return names;
}

void TestResultDelivery::isToldInOrder()
{
    train(u"mkdir -p runs/1; printf weights > runs/1/model.pt; printf log > log.txt"_s);
    WAIT_FOR(statuses().contains(u"completed"_s));
    QCOMPARE(statuses(), (QStringList{u"running"_s, u"finalizing"_s, u"completed"_s}));
    QCOMPARE(confirmed(), (QStringList{u"log.txt"_s, u"runs/1/model.pt"_s}));
    const auto model = m_sandbox->events(
        u"stored"_s, [](const QJsonObject &event) { return event[u"filename"_s] == u"runs/1/model.pt"_s; });
    QCOMPARE(model.size(), 1);
    QCOMPARE(model.first()[u"sha256"_s].toString().toLatin1(),
             QCryptographicHash::hash("weights", QCryptographicHash::Sha256).toHex());
    // All of it before the end is told.
    QStringList order;
    for (const QJsonObject &event : m_sandbox->events()) {
        const QString name = event[u"event"_s].toString();
        if (name == u"results_confirmed"_s || event[u"status"_s] == u"completed"_s)
            order << name;
    }
    QCOMPARE(order.first(), u"results_confirmed"_s);
}

void TestResultDelivery::givesUpNothingForAStoreInTrouble()
{
    QVERIFY(m_sandbox->fail({u"store=503:1"_s, u"store=cut=3:1"_s, u"signed_url=500:1"_s,
                             u"upload_results=503:1"_s, u"workload_status=503:1"_s}));
    train(u"printf weights > model.pt"_s);
    WAIT_FOR(statuses().contains(u"completed"_s));
    QCOMPARE(confirmed(), QStringList{u"model.pt"_s});
    QVERIFY(count(u"fault"_s) >= 5);
}

void TestResultDelivery::confirmsEachFileOnceOverADeathOfTheNode()
{
    constexpr int files = 50;
    QVERIFY(m_sandbox->fail({u"store=slow=100"_s})); // four at once: more than a second for all of them
    train(u"for i in $(seq %1); do echo $i > $i.txt; done"_s.arg(files));
    WAIT_FOR(count(u"stored"_s) >= 5);
    m_node->kill();
    QVERIFY(count(u"stored"_s) < files);
    QCOMPARE(count(u"results_confirmed"_s), 0);

    QVERIFY(m_node->startAndWait());
    WAIT_FOR(statuses().contains(u"completed"_s));
    QStringList names = confirmed();
    QCOMPARE(names.size(), files);
    QCOMPARE(names.removeDuplicates(), 0);
    QCOMPARE(count(u"results_confirmed"_s), 1);
}

void TestResultDelivery::endsThoughThereIsNothingToUpload()
{
    train(u"exit 0"_s);
    WAIT_FOR(statuses().contains(u"completed"_s));
    QCOMPARE(statuses(), (QStringList{u"running"_s, u"completed"_s}));
    QCOMPARE(count(u"stored"_s), 0);
}

QTEST_GUILESS_MAIN(TestResultDelivery)
#include "tst_resultdelivery.moc"
