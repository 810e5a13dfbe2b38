#include "sandbox/apicall.h"

#include <array>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::sandbox {

namespace {

struct Name {
    Operation operation;
    const char16_t *text;
};

constexpr std::array names = {Name{Operation::Create, u"create"},
                              Name{Operation::Register, u"register"},
                              Name{Operation::Heartbeat, u"heartbeat"},
                              Name{Operation::Log, u"log"},
                              Name{Operation::Terminated, u"terminated"},
                              Name{Operation::Failed, u"failed"},
                              Name{Operation::Instances, u"instances"},
                              Name{Operation::Workload, u"workload"},
                              Name{Operation::WorkloadStatus, u"workload_status"},
                              Name{Operation::SignedUrl, u"signed_url"},
                              Name{Operation::UploadResults, u"upload_results"},
                              Name{Operation::Store, u"store"}};

} // namespace

QString toString(Operation operation)
{
    for (const Name &name : names) {
        if (name.operation == operation)
            return QString::fromUtf16(name.text);
    }
    Q_UNREACHABLE();
}

std::optional<Operation> operationFromString(QStringView text)
{
    for (const Name &name : names) {
        if (text == QStringView(name.text))
            return name.operation;
    }
    return std::nullopt;
}

} // namespace cloudnode::sandbox
