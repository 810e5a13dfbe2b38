#include "workload/runnerservice.h"

#include "record/launchorder.h"
#include "workload/supervisorline.h"

#include <QFile>
#include <QPointer>
#include <QTimer>

#include <utility>

using namespace std::chrono_literals;

namespace cloudnode {

namespace {

constexpr auto startPause = 100ms; // before this is needed, most nodes have not even become ready
constexpr auto lastOrder = 500ms;  // is surely taken by then
constexpr auto keepFree = 1s;      // after the last workload's end: each has memory of its own

std::string encoded(const QString &word)
{
    return QFile::encodeName(word).toStdString();
}

std::vector<std::string> encoded(const QStringList &words)
{
    std::vector<std::string> all;
    all.reserve(static_cast<std::size_t>(words.size()));
    for (const QString &word : words)
        all.push_back(encoded(word));
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
    giveConsent(m_line.get());
}

void RunnerOrder::listen()
{
    const auto heard = hear(m_line.get());
    if (!heard)
        return;
    const bool runs = heard->starts_with(reportword::started);
    m_notifier.setEnabled(false);
    deleteLater();
    m_answer(QByteArray::fromStdString(*heard), runs ? std::move(m_line) : Descriptor());
}

RunnerService::RunnerService(QString program, const QProcessEnvironment &environment)
    : m_program(std::move(program)),
      m_environment(environment)
{
    connect(&m_process, &QProcess::finished, this, [this] { m_orders.close(); });
    QTimer::singleShot(startPause, this, &RunnerService::start);
    m_letGo.setSingleShot(true);
    m_letGo.setInterval(keepFree);
    connect(&m_letGo, &QTimer::timeout, this, [this] { m_free.clear(); });
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
    auto sockets = messageSockets();
    if (!sockets)
        return;
    m_process.setProgram(m_program);
    m_process.setArguments({QStringLiteral("serve")});
    m_process.setProcessEnvironment(m_environment);
    m_process.setStandardOutputFile(QProcess::nullDevice());
    m_process.setStandardErrorFile(QProcess::nullDevice());
    m_process.setChildProcessModifier([orders = sockets->theirs.get()] { becomeStandardInput(orders); });
    m_process.start();
    m_orders = std::move(sockets->ours);
}

RunnerOrder *RunnerService::order(const QString &folder, const QStringList &arguments,
                                  const QStringList &variables, RunnerOrder::Answer answer)
{
    LaunchOrder order{encoded(arguments), encoded(variables), openFolder(encoded(folder)), Descriptor()};
    if (!order.folder.isOpen())
        return nullptr;
    auto line = sendToFree(order);
    if (!line)
        line = sendToSpare(order);
    return line ? new RunnerOrder(std::move(*line), std::move(answer), this) : nullptr;
}

std::optional<Descriptor> RunnerService::sendToFree(const LaunchOrder &order)
{
    while (!m_free.empty()) { // some may have been killed
        Descriptor line = std::move(m_free.back());
        m_free.pop_back();
        if (sendOrder(line.get(), order))
            return line;
    }
    return std::nullopt;
}

std::optional<Descriptor> RunnerService::sendToSpare(LaunchOrder &order)
{
    if (!m_orders.isOpen())
        start();
    auto report = messageSockets();
    if (!report)
        return std::nullopt;
    order.report = std::move(report->theirs);
    return sendOrder(m_orders.get(), order) ? std::optional(std::move(report->ours)) : std::nullopt;
}

std::unique_ptr<SupervisorLine> RunnerService::follow(Descriptor line)
{
    return std::make_unique<SupervisorLine>(std::move(line), [self = QPointer(this)](Descriptor freed) {
        if (self)
            self->keep(std::move(freed));
    });
}

void RunnerService::followUnheard(Descriptor line)
{
    SupervisorLine *followed = follow(std::move(line)).release();
    followed->setParent(this);
    connect(followed, &SupervisorLine::ended, followed, &QObject::deleteLater);
}

void RunnerService::keep(Descriptor line)
{
    m_free.push_back(std::move(line));
    m_letGo.start();
}

} // namespace cloudnode
