#include "commands/logs.h"

#include "commandline.h"
#include "config/configsources.h"
#include "config/statepaths.h"
#include "console.h"
#include "control/controlmethods.h"
#include "logprinter.h"
#include "node/exitcodes.h"
#include "nodesession.h"
#include "workload/workloadjournal.h"

#include <QJsonArray>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace cloudnode {

namespace {

struct LogsOptions {
    std::string requestId;
    bool follow = false;
    bool standardError = false;
};

/// Where a workload's output is, and whether more may come.
struct LogSource {
    QString path;
    bool ended = false;
};

QJsonObject everything()
{
    return {{u"all"_s, true}, {u"limit"_s, controlmethods::maxListed}};
}

/// Finds one workload's output: as the node tells, or in the state directory.
class LogFinder {
public:
    LogFinder(const NodeOptions &node, const LogsOptions &options)
        : m_paths(ConfigFolders(node.request()).state),
          m_requestId(QString::fromStdString(options.requestId)),
          m_standardError(options.standardError)
    {
    }

    std::optional<LogSource> inAnswer(const QJsonValue &answer) const;
    std::optional<LogSource> onDisk() const;

private:
    StatePaths m_paths;
    QString m_requestId;
    bool m_standardError;
};

std::optional<LogSource> LogFinder::inAnswer(const QJsonValue &answer) const
{
    const QJsonArray workloads = answer["workloads"_L1].toArray();
    for (const auto &workload : workloads) {
        if (workload["request_id"_L1].toVariant().toString() == m_requestId)
            return LogSource{workload[m_standardError ? "stderr_path"_L1 : "stdout_path"_L1].toString(),
                             workload["status"_L1] != "running"_L1};
    }
    return std::nullopt;
}

std::optional<LogSource> LogFinder::onDisk() const
{
    const WorkloadJournal journal(WorkloadPaths(m_paths.workloads(), m_paths.workloadLogs()));
    const auto entry =
        RequestId::parse(m_requestId).and_then([&](const RequestId &id) { return journal.load(id.key()); });
    if (!entry)
        return std::nullopt;
    return LogSource{m_standardError ? entry->workload.stderrPath : entry->workload.stdoutPath,
                     !entry->workload.isActive()};
}

/// Prints a workload's output. With follow it stays until the workload has ended, nodes may come and go.
class LogsRun : public QObject {
public:
    LogsRun(const NodeOptions &node, const LogsOptions &options);

    int exec();

private:
    void look();
    void found(const std::optional<LogSource> &source);

    LogFinder m_finder;
    bool m_follow;
    NodeSession m_session;
    QTimer m_looks;                        ///< whether the workload has ended
    std::unique_ptr<LogPrinter> m_printer; ///< none until the log is found
};

LogsRun::LogsRun(const NodeOptions &node, const LogsOptions &options)
    : m_finder(node, options),
      m_follow(options.follow),
      m_session(node)
{
    m_looks.setSingleShot(true);
    connect(&m_looks, &QTimer::timeout, this, &LogsRun::look);
}

int LogsRun::exec()
{
    look();
    return m_session.exec();
}

/// The node knows best; but where none runs, or none knows it, the state directory may.
void LogsRun::look()
{
    m_session.tryAsking(u"workload.list"_s, everything(), [this](const Result<QJsonValue> &answer) {
        std::optional<LogSource> source;
        if (answer)
            source = m_finder.inAnswer(*answer);
        found(source ? source : m_finder.onDisk());
    });
}

void LogsRun::found(const std::optional<LogSource> &source)
{
    if (!source && !m_printer) {
        m_session.endWith({u"no workload of that request is on record"_s,
                           {},
                           u"`cloudnode workloads --all` lists those that are."_s});
        return;
    }
    if (!m_printer) {
        m_printer = std::make_unique<LogPrinter>(source->path);
        connect(m_printer.get(), &LogPrinter::finished, this, [this] { m_session.end(exitcode::ok); });
        connect(m_printer.get(), &LogPrinter::failed, this,
                [this](const Error &error) { m_session.endWith(error); });
        m_printer->start();
    }
    if (!m_follow || !source || source->ended)
        m_printer->finish();
    else
        m_looks.start(500ms);
}

} // namespace

void addLogsCommand(CommandLine &line)
{
    const auto options = std::make_shared<LogsOptions>();
    line.add(
        "logs", "Print what a workload has printed",
        [&line, options](CommandOptions command) {
            command.text("request", options->requestId, "Id of the request",
                         {.shownAs = "REQUEST_ID", .isRequired = true});
            command.flag("-f,--follow", options->follow, "Go on until the workload has ended");
            command.flag("--stderr", options->standardError,
                         "Its standard error instead of its standard output");
            line.node().addStateDirTo(command);
        },
        [&line, options] { return LogsRun(line.node(), *options).exec(); });
}

} // namespace cloudnode
