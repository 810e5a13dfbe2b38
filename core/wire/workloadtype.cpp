#include "wire/workloadtype.h"

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

QString toString(WorkloadType type)
{
    switch (type) {
    case WorkloadType::Inference:
        return u"inference"_s;
    case WorkloadType::Training:
        return u"training"_s;
    case WorkloadType::Simulate:
        return u"simulate"_s;
    }
    Q_UNREACHABLE();
}

std::optional<WorkloadType> workloadTypeFromString(QStringView name)
{
    for (const WorkloadType type : allWorkloadTypes) {
        if (name == toString(type))
            return type;
    }
    return std::nullopt;
}

} // namespace cloudnode
