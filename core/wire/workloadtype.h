#pragma once

#include <QString>

#include <array>
#include <optional>

namespace cloudnode {

/// What kind of work a workload does; each has its command template in cyberwave.yml.
enum class WorkloadType { Inference, Training, Simulate };

inline constexpr std::array allWorkloadTypes = {WorkloadType::Inference, WorkloadType::Training,
                                                WorkloadType::Simulate};

/// The name on the wire, in the configuration and in file names: "inference", "training", "simulate".
QString toString(WorkloadType type);
/// The reverse, case-sensitive as the contract has it; none for any other word.
std::optional<WorkloadType> workloadTypeFromString(QStringView name);

} // namespace cloudnode
