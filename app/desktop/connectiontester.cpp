#include "desktop/connectiontester.h"

#include "doctor/backendcheck.h"
#include "doctor/brokercheck.h"

#include <algorithm>

using namespace std::chrono_literals;

namespace cloudnode {

namespace {

constexpr auto limit = 10s;

/// The first problem of a check counts: what follows it in the list only follows from it.
std::optional<Error> problemAmong(const QList<Finding> &findings)
{
    const auto problem = std::find_if(findings.begin(), findings.end(), [](const Finding &finding) {
        return finding.verdict == Finding::Verdict::Problem;
    });
    if (problem == findings.end())
        return std::nullopt;
    return Error{problem->text, problem->subject, problem->remedy};
}

} // namespace

void ConnectionTester::run(const NodeConfig &config, QObject *context, Done done)
{
    (new ConnectionTester(context, std::move(done)))->start(config);
}

ConnectionTester::ConnectionTester(QObject *context, Done done) : QObject(context), m_done(std::move(done)) {}

void ConnectionTester::start(const NodeConfig &config)
{
    auto *backend = new BackendCheck(config);
    auto *broker = new BrokerCheck(config);
    for (Check *check : {static_cast<Check *>(backend), static_cast<Check *>(broker)})
        check->setParent(this);
    connect(backend, &Check::concluded, this,
            [this](const QList<Finding> &findings) { take(&ConnectionTest::backend, findings); });
    connect(broker, &Check::concluded, this,
            [this](const QList<Finding> &findings) { take(&ConnectionTest::broker, findings); });
    backend->start(limit);
    broker->start(limit);
}

void ConnectionTester::take(std::optional<Error> ConnectionTest::*side, const QList<Finding> &findings)
{
    m_test.*side = problemAmong(findings);
    if (--m_missing > 0)
        return;
    m_done(m_test);
    deleteLater();
}

} // namespace cloudnode
