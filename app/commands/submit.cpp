#include "commands/submit.h"

#include "commandline.h"
#include "node/exitcodes.h"
#include "platform/atomicfile.h"
#include "platform/selfprotection.h"
#include "submission.h"

#include <QCoreApplication>
#include <QJsonDocument>

#include <cstdio>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

constexpr qint64 maxParamsBytes = 16 << 20;

void print(FILE *stream, const QString &line)
{
    std::fputs(line.toUtf8().constData(), stream);
    std::fputc('\n', stream);
    std::fflush(stream);
}

Result<QJsonObject> readParams(const std::string &given)
{
    const QString text = QString::fromStdString(given);
    QByteArray json = text.isEmpty() ? QByteArray("{}") : text.toUtf8();
    QString where = u"--params"_s;
    if (text.startsWith(u'@')) {
        where = text.mid(1);
        const auto content = atomicfile::read(where, maxParamsBytes);
        if (!content)
            return tl::make_unexpected(content.error());
        json = *content;
    }
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(json, &problem);
    if (problem.error != QJsonParseError::NoError)
        return fail(u"is not JSON: %1 at byte %2"_s.arg(problem.errorString()).arg(problem.offset), where);
    if (!document.isObject())
        return fail(u"is not a JSON object"_s, where, u"Write --params '{\"key\": \"value\"}'."_s);
    return document.object();
}

Result<SubmissionSettings> settingsFrom(const SubmitOptions &options)
{
    const auto loaded = loadConfig(options.node.request());
    if (!loaded)
        return tl::make_unexpected(loaded.error());
    const auto params = readParams(options.params);
    if (!params)
        return tl::make_unexpected(params.error());
    const QString target = QString::fromStdString(options.target);
    if (!Topics::isUsable(target))
        return fail(u"'%1' is no slug or uuid"_s.arg(target), u"--to"_s);
    auto requestId = options.requestId.empty() ? Result<RequestId>(RequestId::generate())
                                               : RequestId::parse(QString::fromStdString(options.requestId));
    if (!requestId)
        return tl::make_unexpected(requestId.error());
    const NodeConfig &config = loaded->config;
    return SubmissionSettings{
        .broker = {.host = config.mqttHost,
                   .port = config.mqttPort,
                   .useTls = config.mqttUseTls,
                   .tls = TlsSettings::ofBroker(config),
                   .username = config.mqttUsername.isEmpty() ? u"cloudnode-submit"_s : config.mqttUsername,
                   .password = config.mqttPassword.isEmpty() ? config.apiToken : config.mqttPassword},
        .environment = config.environment,
        .target = target,
        .command = QString::fromStdString(options.command),
        .params = *params,
        .requestId = *requestId,
        .resultLimit = std::chrono::seconds(options.timeoutSeconds),
    };
}

QString compact(const QJsonObject &object)
{
    return QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

void printAcknowledgement(const QJsonObject &response)
{
    const QJsonObject workload = response.value("workload"_L1).toObject();
    print(stderr, u"%1 runs on %2, pid %3 (request %4)"_s.arg(
                      workload.value("type"_L1).toString(), response.value("slug"_L1).toString(),
                      workload.value("pid"_L1).toVariant().toString(),
                      response.value("request_id"_L1).toVariant().toString()));
}

void printResult(const QJsonObject &response)
{
    const QJsonValue output = response.value("output"_L1);
    if (output.isObject()) {
        std::fputs(QJsonDocument(output.toObject()).toJson().constData(), stdout);
    } else if (!output.toString().isEmpty()) {
        const QByteArray text = output.toString().toUtf8();
        std::fputs(text.constData(), stdout);
        if (!text.endsWith('\n'))
            std::fputc('\n', stdout);
    }
    std::fflush(stdout);

    const QJsonObject workload = response.value("workload"_L1).toObject();
    if (response.value("status"_L1) != u"ok"_s)
        print(stderr, response.value("error"_L1).toString().trimmed());
    else if (workload.contains("duration_seconds"_L1) && workload.value("success"_L1).toBool())
        print(stderr, u"%1 completed after %2 s"_s.arg(workload.value("type"_L1).toString())
                          .arg(workload.value("duration_seconds"_L1).toDouble(), 0, 'f', 1));
}

int exitCodeOf(const QJsonObject &response)
{
    if (response.value("status"_L1) == u"ok"_s)
        return exitcode::ok;
    const int code = response.value("workload"_L1).toObject().value("exit_code"_L1).toInt();
    return code >= 1 && code <= 255 ? code : 1;
}

int exitCodeOf(Submission::Failure failure)
{
    return failure == Submission::Failure::NoResult ? exitcode::timedOut : exitcode::unavailable;
}

} // namespace

int runSubmit(const SubmitOptions &options)
{
    selfprotection::hideMemory();
    const auto settings = settingsFrom(options);
    if (!settings) {
        print(stderr, settings.error().text());
        return exitcode::usage;
    }
    Submission submission(*settings);
    const auto show = [json = options.json](const QJsonObject &response,
                                            void (*printHuman)(const QJsonObject &)) {
        if (json)
            print(stdout, compact(response));
        else
            printHuman(response);
    };
    QObject::connect(&submission, &Submission::acknowledged, qApp,
                     [show](const QJsonObject &response) { show(response, printAcknowledgement); });
    QObject::connect(&submission, &Submission::interrupted, qApp,
                     [](const Error &reason) { print(stderr, reason.text() + u" Waiting for it."_s); });
    QObject::connect(&submission, &Submission::concluded, qApp, [show](const QJsonObject &response) {
        show(response, printResult);
        QCoreApplication::exit(exitCodeOf(response));
    });
    QObject::connect(&submission, &Submission::failed, qApp,
                     [](Submission::Failure failure, const Error &reason) {
                         print(stderr, reason.text());
                         QCoreApplication::exit(exitCodeOf(failure));
                     });
    QMetaObject::invokeMethod(&submission, &Submission::start, Qt::QueuedConnection);
    return QCoreApplication::exec();
}

void addSubmitCommand(CommandLine &line)
{
    const auto options = std::make_shared<SubmitOptions>();
    line.add(
        "submit", "Send a command to a node and wait for its result",
        [&line, options](CommandOptions command) {
            command.text("--to", options->target, "Slug or uuid of the node", {.isRequired = true});
            command.text("command", options->command, "inference, training, simulate, status or cancel",
                         {.isRequired = true});
            command.text("--params", options->params,
                         "Parameters: JSON, or @ and the name of a file that holds it");
            command.text("--request-id", options->requestId, "Id of the request; a new one by default");
            command.number("--timeout", options->timeoutSeconds,
                           "Seconds to wait for the result; 0: for ever");
            command.flag("--json", options->json, "Print the responses as they come, one a line");
            line.node().addTo(command);
        },
        [&line, options] {
            options->node = line.node();
            return runSubmit(*options);
        });
}

} // namespace cloudnode
