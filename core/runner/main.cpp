#include "record/recordfolder.h"
#include "runner/endorphan.h"
#include "runner/options.h"
#include "runner/serve.h"
#include "runner/startworkload.h"
#include "runner/surroundings.h"

using namespace cloudnode;

namespace {

int run(const StartOptions &options)
{
    return startWorkload(options);
}

int run(const EndOptions &options)
{
    return endOrphan(options);
}

int run(const ServeOptions &)
{
    return serve();
}

} // namespace

int main(int argc, char **argv)
{
    surroundings::closeInherited();
    surroundings::defaultSignals();
    const auto options = parseOptions(argc, argv);
    if (!options) {
        writeAll(STDERR_FILENO, "cloudnode-runner: " + options.error() + "\n" + usageText);
        return 1;
    }
    return std::visit([](const auto &chosen) { return run(chosen); }, *options);
}
