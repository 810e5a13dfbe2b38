#include "integration/pooltest.h"

#include "workload/acceptance.h"

#include <QDir>
#include <QFile>

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <csignal>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::test {

void put(const QString &path, const QByteArray &data)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(data) != data.size())
        qFatal("cannot write a file of the test");
}

bool isLeftAlone(const QString &folder)
{
    const int lock = ::open(QFile::encodeName(folder + u"/lock"_s).constData(), O_RDWR | O_CLOEXEC);
    const bool isFree = lock >= 0 && ::flock(lock, LOCK_EX | LOCK_NB) == 0;
    ::close(lock);
    return isFree;
}

RequestId requestId(const QString &text)
{
    return RequestId::parse(text).value();
}

WatchedPool::WatchedPool(const WorkloadPoolSettings &settings) : pool(settings)
{
    QObject::connect(&pool, &WorkloadPool::started, &pool,
                     [this](const QString &key) { said << u"started "_s + key; });
    QObject::connect(&pool, &WorkloadPool::ended, &pool,
                     [this](const QString &key) { said << u"ended "_s + key; });
    QObject::connect(&pool, &WorkloadPool::warning, &pool,
                     [this](const Error &problem) { warnings << problem.text(); });
}

void PoolTest::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(QDir(m_folder->path()).mkpath(u"work"_s));
}

void PoolTest::cleanup()
{
    // Whatever still runs would write into a folder that is going away.
    for (const QString &key : journal().keys().value_or(QStringList())) {
        const auto start = journal().readStart(key);
        if (!start || !*start)
            continue;
        (void)(*start)->supervisor.signal(SIGUSR1);
        (void)(*start)->workload.signal(SIGKILL);
        WAIT_FOR(!(*start)->supervisor.isAlive());
    }
    m_folder.reset();
}

WorkloadPoolSettings PoolTest::settings(const RetentionLimits &keep) const
{
    WorkloadPoolSettings settings;
    settings.workloadsFolder = path(u"state/workloads"_s);
    settings.logsFolder = path(u"state/logs"_s);
    settings.runnerProgram = QStringLiteral(CLOUDNODE_BIN_DIR "/cloudnode-runner");
    settings.environment = QProcessEnvironment::systemEnvironment();
    settings.environment.insert(u"GREETING"_s, u"hello"_s);
    settings.keep = keep;
    return settings;
}

WorkloadSpec PoolTest::spec(const QString &id, const QString &command) const
{
    return {.requestId = requestId(id),
            .type = WorkloadType::Training,
            .command = command,
            .workingDirectory = path(u"work"_s),
            .params = R"({"epochs":3})",
            .workloadUuid = {},
            .receivedAt = QDateTime::currentDateTimeUtc(),
            .timeout = std::chrono::seconds(0),
            .cancelGrace = std::chrono::seconds(100'000)};
}

QString PoolTest::run(WatchedPool &watched, const WorkloadSpec &wanted) const
{
    const auto accepted = watched.pool.accept(wanted);
    if (!accepted)
        qFatal("not accepted: %s", qPrintable(accepted.error().text()));
    watched.pool.launch(accepted->key);
    return accepted->key;
}

void PoolTest::leave(const QString &id, std::chrono::seconds age, const WorkloadProgress &progress) const
{
    WorkloadSpec was = spec(id, u"echo hello"_s);
    was.receivedAt = was.receivedAt.addSecs(-age.count());
    WorkloadEnd end;
    end.outcome = WorkloadEnd::Outcome::Exited;
    end.exitCode = 0;
    end.at = was.receivedAt;
    const WorkloadJournal here = journal();
    const bool left = here.prepare() && Acceptance(paths()).create(was, [](const QString &) {}) &&
                      here.writeProgress(id, progress) && here.writeShipped(id, progress) &&
                      here.writeEnd(id, end);
    if (!left)
        qFatal("cannot leave a workload of an earlier node");
    put(paths().log(was.type, id, WorkloadPaths::stdoutFile), "hello\n");
}

WorkloadProgress PoolTest::settled()
{
    return {.acked = true, .reported = true, .stdoutShipped = 6, .stderrShipped = 0, .cancel = {}};
}

} // namespace cloudnode::test
