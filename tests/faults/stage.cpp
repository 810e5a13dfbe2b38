#include "faults/stage.h"

#include <QDeadlineTimer>
#include <QDirIterator>
#include <QJsonDocument>
#include <QSignalSpy>
#include <QTest>
#include <QUrl>

#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::faults {

namespace {

QString drawToken(QRandomGenerator &chance)
{
    return u"sesame-%1-%2"_s.arg(chance.generate64(), 0, 16).arg(chance.generate64(), 0, 16);
}

/// How many files below a folder hold `text`.
int filesWith(const QByteArray &text, const QString &folder)
{
    int found = 0;
    QDirIterator files(folder, QDir::Files | QDir::Hidden | QDir::NoSymLinks, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        if (file.open(QIODevice::ReadOnly) && file.readAll().contains(text))
            ++found;
    }
    return found;
}

} // namespace

Stage::Stage(const QString &name) : m_chance(seed() ^ static_cast<quint32>(qHash(name, 0)))
{
    m_token = drawToken(m_chance);
}

quint32 Stage::seed()
{
    static const quint32 chosen = [] {
        bool isSet = false;
        const quint32 given = qEnvironmentVariable("CLOUDNODE_FAULTS_SEED").toUInt(&isSet);
        const quint32 drawn = isSet ? given : QRandomGenerator::global()->generate();
        qInfo("seed %u; CLOUDNODE_FAULTS_SEED=%u repeats it", drawn, drawn);
        return drawn;
    }();
    return chosen;
}

bool Stage::isLong()
{
    return qEnvironmentVariableIsSet("CLOUDNODE_FAULTS_LONG");
}

QString Stage::report(const QString &what, const Reckoning &reckoning)
{
    return what + u"; "_s + reckoning.text();
}

Result<void> Stage::open(const Detour &toBroker, const Detour &toBackend)
{
    m_broker = std::make_unique<sandbox::BrokerProcess>();
    if (!startBroker())
        return fail(u"the broker did not start"_s);
    m_sandbox = std::make_unique<test::SandboxProcess>(
        QStringList{u"--token"_s, m_token, u"--use-broker"_s, QString::number(m_broker->port())});
    if (auto started = m_sandbox->start(); !started)
        return started;
    QObject::connect(m_sandbox.get(), &test::SandboxProcess::happened, m_sandbox.get(),
                     [this](const QJsonObject &event) {
                         if (event.value("event"_L1) == u"log"_s)
                             m_logbook.note(event);
                     });
    m_customer = std::make_unique<Customer>(m_broker->port(), m_chance.generate());
    if (!m_customer->start())
        return fail(u"the customer does not reach the broker"_s);
    configureNode(toBroker(m_broker->port()), toBackend(static_cast<quint16>(m_sandbox->apiUrl().port())));
    startNode();
    if (!m_node->waitUntilReady())
        return fail(u"the node did not become ready: "_s + m_node->log());
    m_customer->setNode(m_node->slug());
    return {};
}

void Stage::configureNode(quint16 brokerPort, quint16 backendPort)
{
    QUrl apiUrl = m_sandbox->apiUrl();
    apiUrl.setPort(backendPort);
    m_node = std::make_unique<NodeProcess>(apiUrl, brokerPort);
    m_node->environment.insert(u"CYBERWAVE_API_TOKEN"_s, m_token);
    m_node->configure({Job::commandTemplate(), u"max_concurrent_workloads: %1"_s.arg(workloadsAtOnce),
                       u"cancel_grace_seconds: 1"_s, u"mqtt_reconnect_max_seconds: 1"_s});
    m_node->addFile(u"job.sh"_s, Job::script());
}

bool Stage::startBroker()
{
    QSignalSpy ready(m_broker.get(), &sandbox::BrokerProcess::ready);
    m_broker->start();
    return ready.wait(patience);
}

bool Stage::startBrokerWith(const QStringList &lines)
{
    const quint16 port = m_broker->port();
    m_broker.reset(); // its sessions with it: they are in its folder
    m_broker =
        std::make_unique<sandbox::BrokerProcess>(sandbox::BrokerSettings{.port = port, .extraLines = lines});
    return startBroker();
}

void Stage::startNode()
{
    if (m_node->log().contains(m_token)) // of the life before
        ++m_secretsInLogs;
    m_kills.addTo(m_node->environment);
    m_node->start();
}

void Stage::keepBusy(const QList<Job::Kind> &kinds, int count)
{
    m_customer->catchUp();
    while (m_customer->unfinished() < count)
        m_customer->sendAny(kinds);
}

Evidence Stage::evidence() const
{
    return Evidence::read(m_node->projectFile(u"ledger"_s), m_node->stateFile(u"workload_logs"_s));
}

bool Stage::haveAllLogsArrived() const
{
    const QHash<QString, int> printed = evidence().printed;
    for (auto stream = printed.cbegin(); stream != printed.cend(); ++stream) {
        if (m_logbook.highest(stream.key()) < *stream)
            return false;
    }
    return true;
}

/// As long as some arrive.
void Stage::waitForLogs() const
{
    qint64 arrived = -1;
    QDeadlineTimer limit(patience);
    while (!haveAllLogsArrived() && !limit.hasExpired()) {
        if (std::exchange(arrived, m_logbook.bytes()) != m_logbook.bytes())
            limit.setRemainingTime(patience);
        QTest::qWait(200); // each look reads every file
    }
}

Reckoning Stage::finish(Supervision supervision)
{
    m_kills.withdraw();
    const auto isContent = [this] {
        m_customer->catchUp();
        return m_customer->isContent();
    };
    (void)QTest::qWaitFor(isContent, patience);
    waitForLogs();
    m_node->terminate();
    const bool ended = m_node->waitUntilEnded();

    Reckoning reckoning = reckon(*m_customer, evidence(), m_logbook, supervision);
    if (!ended)
        reckoning.details << u"the node did not end"_s;
    (void)QTest::qWaitFor([this] { return m_node->family().isEmpty(); }, patience);
    reckoning.left = static_cast<int>(m_node->family().size());
    lookForSecrets(reckoning);
    return reckoning;
}

void Stage::lookForSecrets(Reckoning &reckoning)
{
    const QByteArray token = m_token.toUtf8();
    reckoning.secrets = m_secretsInLogs + (m_node->log().contains(m_token) ? 1 : 0);
    reckoning.secrets += filesWith(token, m_node->stateDir()) + filesWith(token, m_node->projectFile({}));
    for (const QJsonObject &response : m_customer->all())
        reckoning.secrets += QJsonDocument(response).toJson().contains(token) ? 1 : 0;
    for (const QJsonObject &event : m_sandbox->events()) {
        const bool isReady = event.value("event"_L1) == u"ready"_s; // there the sandbox itself tells it
        reckoning.secrets += !isReady && QJsonDocument(event).toJson().contains(token) ? 1 : 0;
    }
}

} // namespace cloudnode::faults
