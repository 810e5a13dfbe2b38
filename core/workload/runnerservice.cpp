#include "workload/runnerservice.h"

#include "record/launchorder.h"

#include <QFile>
#include <QTimer>

#include <utility>

using namespace std::chrono_literals;

namespace cloudnode {

namespace {

constexpr auto startPause = 100ms; // before this is needed, most nodes have not even become ready
constexpr auto lastOrder = 500ms;  // is surely taken by then

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
    while (const auto heard = hear(m_line.get())) {
        m_heard.append(heard->data(), static_cast<qsizetype>(heard->size()));
        if (m_heard == "S")
            return answer(std::move(m_line));
        if (heard->empty())
            return answer(Descriptor());
    }
}

void RunnerOrder::answer(Descriptor line)
{
    m_notifier.setEnabled(false);
    deleteLater();
    m_answer(m_heard, std::move(line));
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
    auto sockets = orderSockets();
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
    if (!m_orders.isOpen())
        start();
    Descriptor there = openFolder(encoded(folder));
    auto report = reportSockets();
    if (!there.isOpen() || !report ||
        !sendOrder(m_orders.get(),
                   {encoded(arguments), encoded(variables), std::move(there), std::move(report->theirs)}))
        return nullptr;
    return new RunnerOrder(std::move(report->ours), std::move(answer), this);
}

} // namespace cloudnode
