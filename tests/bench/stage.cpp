#include "bench/stage.h"

#include "bench/waiting.h"

#include <QFile>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::bench {

namespace {

/// It makes its folders where temporary files go.
std::unique_ptr<NodeProcess> makeNode(const QUrl &apiUrl, quint16 brokerPort, const Place &place)
{
    const QByteArray usual = qgetenv("TMPDIR");
    qputenv("TMPDIR", QFile::encodeName(place.path()));
    auto node = std::make_unique<NodeProcess>(apiUrl, brokerPort);
    if (usual.isEmpty())
        qunsetenv("TMPDIR");
    else
        qputenv("TMPDIR", usual);
    return node;
}

} // namespace

QString inWords(State state)
{
    return state == State::InMemory ? u", state in memory"_s : QString();
}

QString keyFor(State state, const QString &key)
{
    return state == State::InMemory ? key + u"_memory"_s : key;
}

Stage::Stage(State state) : m_place(state) {}

Result<std::unique_ptr<Stage>> Stage::build(const QStringList &nodeConfiguration, State state)
{
    std::unique_ptr<Stage> stage(new Stage(state));
    if (const auto broker = stage->startBroker(); !broker)
        return tl::make_unexpected(broker.error());
    stage->m_backend = std::make_unique<test::SandboxProcess>();
    if (const auto backend = stage->m_backend->start(); !backend)
        return tl::make_unexpected(backend.error());
    stage->m_node = makeNode(stage->m_backend->apiUrl(), stage->brokerPort(), stage->m_place);
    stage->m_node->configure(nodeConfiguration);
    return stage;
}

Result<void> Stage::startBroker()
{
    bool ready = false;
    std::optional<Error> problem;
    const QObject ears;
    QObject::connect(&m_broker, &sandbox::BrokerProcess::ready, &ears, [&ready] { ready = true; });
    QObject::connect(&m_broker, &sandbox::BrokerProcess::failed, &ears,
                     [&problem](const Error &reason) { problem = reason; });
    m_broker.start();
    if (runUntil([&] { return ready || problem; }) && ready)
        return {};
    return tl::make_unexpected(problem.value_or(Error{u"mosquitto does not get ready"_s, {}, {}}));
}

Result<void> Stage::startNode()
{
    m_node->start();
    if (runUntil([this] { return m_node->log().contains(u" ready: "_s) || !m_node->isRunning(); }) &&
        m_node->isRunning())
        return {};
    return failure(u"the node does not get ready"_s);
}

tl::unexpected<Error> Stage::failure(const QString &what)
{
    constexpr qsizetype most = 2000;
    return fail(what + u"; its log ends with\n"_s + m_node->log().right(most));
}

} // namespace cloudnode::bench
