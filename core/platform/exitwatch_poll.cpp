#include "platform/pollingexitwatch.h"

namespace cloudnode {

std::unique_ptr<ExitWatch> ExitWatch::open(const ProcessIdentity &process)
{
    return std::make_unique<PollingExitWatch>(process);
}

} // namespace cloudnode
