#pragma once

#include "config/commandtemplate.h"
#include "config/nodeconfig.h"
#include "wire/command.h"
#include "workload/workload.h"

#include <map>

namespace cloudnode {

/// Decides whether a request for work is taken, and what exactly it would run.
class Admission {
public:
    /// Errors: a template that cannot be used, as CommandTemplate::parse() has it; a results folder that
    /// holds the state directory.
    static Result<Admission> fromConfig(const NodeConfig &config);

    bool offers(WorkloadType type) const { return m_templates.contains(type); }

    /// What the node is doing when the request arrives.
    struct Load {
        int active = 0;
        bool stopping = false;
        bool paused = false;
    };
    /// The workload to run. `paramsPath` is where its parameters will lie.
    /// Errors: shutting down, paused, not configured, busy, or a body that fits no command line.
    Result<WorkloadSpec> admit(const RequestId &requestId, const StartWorkload &request,
                               const QString &paramsPath, const Load &load) const;

private:
    explicit Admission(NodeConfig config) : m_config(std::move(config)) {}

    const WorkloadLimits &limitsOf(WorkloadType type) const;

    NodeConfig m_config;
    std::map<WorkloadType, CommandTemplate> m_templates;
};

} // namespace cloudnode
