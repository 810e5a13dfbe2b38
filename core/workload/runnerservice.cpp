#include "workload/runnerservice.h"

#include "record/launchorder.h"

#include <QFile>
#include <QSocketNotifier>
#include <QTimer>

#include <fcntl.h>
#include <sys/socket.h>

#include <cerrno>
#include <optional>
#include <utility>

using namespace std::chrono_literals;

namespace cloudnode {

namespace {

constexpr auto startPause = 100ms; // before this is needed, most nodes have not even become ready
constexpr auto lastOrder = 500ms;  // is surely taken by then

using Pair = std::pair<Descriptor, Descriptor>;

std::optional<Pair> makePair(int type)
{
    int ends[2];
    if (::socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends) != 0)
        return std::nullopt;
    return Pair(ends[0], ends[1]);
}

std::vector<std::string> encoded(const QStringList &words)
{
    std::vector<std::string> all;
    all.reserve(static_cast<std::size_t>(words.size()));
    for (const QString &word : words)
        all.push_back(QFile::encodeName(word).toStdString());
    return all;
}

/// Calls `done` once with all that has come through `pipe` when its other end is closed.
class Ear final : public QObject {
public:
    Ear(Descriptor pipe, RunnerService::Answer done, QObject *parent)
        : QObject(parent),
          m_pipe(std::move(pipe)),
          m_done(std::move(done)),
          m_notifier(m_pipe.get(), QSocketNotifier::Read)
    {
        connect(&m_notifier, &QSocketNotifier::activated, this, &Ear::listen);
    }

private:
    void listen()
    {
        char buffer[512];
        ssize_t size = 0;
        while ((size = ::recv(m_pipe.get(), buffer, sizeof buffer, MSG_DONTWAIT)) > 0)
            m_heard.append(buffer, size);
        if (size < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        m_notifier.setEnabled(false);
        deleteLater();
        m_done(m_heard);
    }

    Descriptor m_pipe;
    RunnerService::Answer m_done;
    QSocketNotifier m_notifier; // needs m_pipe
    QByteArray m_heard;
};

} // namespace

RunnerService::RunnerService(QString program, const QProcessEnvironment &environment)
    : m_program(std::move(program)),
      m_environment(environment)
{
    connect(&m_process, &QProcess::finished, this, [this] { m_orders.close(); });
    QTimer::singleShot(startPause, this, &RunnerService::start);
}

RunnerService::~RunnerService()
{
    m_process.disconnect(this);
    m_orders.close(); // it takes what has been ordered, and ends
    if (!m_process.waitForFinished(static_cast<int>(std::chrono::milliseconds(lastOrder).count())))
        m_process.kill();
}

void RunnerService::start()
{
    if (m_process.state() != QProcess::NotRunning)
        return;
    auto ends = makePair(SOCK_SEQPACKET);
    if (!ends) // none of these on this system
        return;
    m_process.setProgram(m_program);
    m_process.setArguments({QStringLiteral("serve")});
    m_process.setProcessEnvironment(m_environment);
    m_process.setStandardOutputFile(QProcess::nullDevice());
    m_process.setStandardErrorFile(QProcess::nullDevice());
    m_process.setChildProcessModifier([orders = ends->second.get()] { ::dup2(orders, STDIN_FILENO); });
    m_process.start();
    m_orders = std::move(ends->first);
}

bool RunnerService::order(const QStringList &arguments, const QStringList &variables, Answer answer)
{
    if (!m_orders.isOpen())
        start();
    auto report = makePair(SOCK_STREAM);
    if (!report ||
        !sendOrder(m_orders.get(), {encoded(arguments), encoded(variables), std::move(report->second)}))
        return false;
    new Ear(std::move(report->first), std::move(answer), this);
    return true;
}

} // namespace cloudnode
