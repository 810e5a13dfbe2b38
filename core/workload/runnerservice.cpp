#include "workload/runnerservice.h"

#include "record/launchorder.h"

#include <QFile>
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

} // namespace

RunnerOrder::RunnerOrder(Descriptor line, Answer answer, QObject *parent)
    : QObject(parent),
      m_line(std::move(line)),
      m_answer(std::move(answer)),
      m_notifier(m_line.get(), QSocketNotifier::Read)
{
    connect(&m_notifier, &QSocketNotifier::activated, this, &RunnerOrder::listen);
}

void RunnerOrder::go()
{
    ::send(m_line.get(), "!", 1, MSG_DONTWAIT | MSG_NOSIGNAL); // if nobody is there, listen() finds out
}

void RunnerOrder::listen()
{
    char buffer[512];
    ssize_t size = 0;
    while ((size = ::recv(m_line.get(), buffer, sizeof buffer, MSG_DONTWAIT)) > 0)
        m_heard.append(buffer, size);
    if (size < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    m_notifier.setEnabled(false);
    deleteLater();
    m_answer(m_heard);
}

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

RunnerOrder *RunnerService::order(const QString &folder, const QStringList &arguments,
                                  const QStringList &variables, RunnerOrder::Answer answer)
{
    if (!m_orders.isOpen())
        start();
    Descriptor there(::open(QFile::encodeName(folder).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    auto report = makePair(SOCK_STREAM);
    if (!there.isOpen() || !report ||
        !sendOrder(m_orders.get(),
                   {encoded(arguments), encoded(variables), std::move(there), std::move(report->second)}))
        return nullptr;
    return new RunnerOrder(std::move(report->first), std::move(answer), this);
}

} // namespace cloudnode
