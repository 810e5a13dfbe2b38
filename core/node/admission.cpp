#include "node/admission.h"

#include <QDir>
#include <QJsonDocument>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

/// Where workloads of the older kind leave their results, absolute; empty if there is no such place.
QString sharedResults(const NodeConfig &config)
{
    if (!config.uploadResults || config.resultsFolder.isEmpty())
        return {};
    return QDir::cleanPath(QDir(config.workingDirectory).absoluteFilePath(config.resultsFolder));
}

/// What is found in the results folder is uploaded and then removed, so it must not be our own.
Result<void> checkResultsFolder(const NodeConfig &config)
{
    const QString results = sharedResults(config);
    const QString own = QDir::cleanPath(config.stateDir);
    const bool holdsOurs =
        own == results || own.startsWith(results.endsWith(u'/') ? results : results + u'/');
    if (results.isEmpty() || own.isEmpty() || !holdsOurs)
        return {};
    return fail(u"results_folder is \"%1\", which holds this node's own state directory"_s.arg(results), own,
                u"Choose a folder for results alone, or set upload_results: false."_s);
}

} // namespace

Result<Admission> Admission::fromConfig(const NodeConfig &config)
{
    if (const auto usable = checkResultsFolder(config); !usable)
        return tl::make_unexpected(usable.error());
    Admission admission(config);
    const std::pair<WorkloadType, QString> texts[] = {{WorkloadType::Inference, config.inference},
                                                      {WorkloadType::Training, config.training},
                                                      {WorkloadType::Simulate, config.simulate}};
    for (const auto &[type, text] : texts) {
        if (text.trimmed().isEmpty())
            continue;
        auto parsed = CommandTemplate::parse(text);
        if (!parsed)
            return fail(parsed.error().what, toString(type), parsed.error().remedy);
        admission.m_templates.emplace(type, std::move(*parsed));
    }
    return admission;
}

Result<WorkloadSpec> Admission::admit(const RequestId &requestId, const StartWorkload &request,
                                      const QString &paramsPath, const Load &load) const
{
    const QString type = toString(request.type);
    if (load.stopping)
        return fail(u"The node is shutting down and takes no new commands"_s);
    if (load.paused)
        return fail(u"The node is paused by its owner"_s);
    const auto found = m_templates.find(request.type);
    if (found == m_templates.end())
        return fail(u"The %1 command is not configured in cyberwave.yml of this node"_s.arg(type));
    if (load.active >= m_config.maxConcurrentWorkloads)
        return fail(u"The node is busy with %1 active workload(s)"_s.arg(load.active));

    QJsonObject params = request.params;
    QString imageName;
    if (request.image) {
        imageName = u"image_%1_%2.%3"_s.arg(type, requestId.key(), request.image->extension);
        params["image"_L1] = imageName;
    }
    const QByteArray body = QJsonDocument(params).toJson(QJsonDocument::Compact);
    const auto command = found->second.render(body, paramsPath, requestId.text(), m_config.bodyMode);
    if (!command)
        return tl::make_unexpected(command.error());
    const WorkloadLimits &limits = limitsOf(request.type);
    return WorkloadSpec{
        .requestId = requestId,
        .type = request.type,
        .command = *command,
        .workingDirectory = m_config.workingDirectory,
        .params = body,
        .workloadUuid = request.workloadUuid,
        .receivedAt = QDateTime::currentDateTimeUtc(),
        .timeout = limits.timeout > std::chrono::seconds(0) ? limits.timeout : m_config.workloadTimeout,
        .cancelGrace = m_config.cancelGrace,
        .limits = limits,
        .uploadResults = m_config.uploadResults,
        .resultsFolder = sharedResults(m_config),
        .imageName = imageName,
        .image = request.image ? request.image->bytes : QByteArray(),
        .needsToken = !request.token.isEmpty(),
    };
}

const WorkloadLimits &Admission::limitsOf(WorkloadType type) const
{
    switch (type) {
    case WorkloadType::Inference:
        return m_config.inferenceLimits;
    case WorkloadType::Training:
        return m_config.trainingLimits;
    case WorkloadType::Simulate:
        return m_config.simulateLimits;
    }
    Q_UNREACHABLE();
}

} // namespace cloudnode
