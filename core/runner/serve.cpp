#include "runner/serve.h"

#include "record/launchorder.h"
#include "runner/options.h"
#include "runner/startworkload.h"
#include "runner/surroundings.h"

#include <fcntl.h>

#include <csignal>
#include <cstdlib>

namespace cloudnode {

namespace {

[[noreturn]] void obey(LaunchOrder order)
{
    for (std::string &variable : order.environment)
        ::putenv(variable.data());
    char self[] = "cloudnode-runner";
    std::vector<char *> words{self};
    for (std::string &word : order.arguments)
        words.push_back(word.data());
    const auto count = static_cast<int>(words.size());
    words.push_back(nullptr);
    const auto options = parseOptions(count, words.data());
    if (const auto *start = options ? std::get_if<StartOptions>(&*options) : nullptr)
        superviseWorkload(*start, std::move(order.folder), std::move(order.report));
    ::_exit(0);
}

} // namespace

int serve()
{
    Descriptor orders(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
    surroundings::detach();
    ::signal(SIGCHLD, SIG_IGN); // supervisors end unattended
    while (auto order = receiveOrder(orders.get())) {
        if (::fork() != 0)
            continue; // if it has failed, the report ends with `order`
        orders.close();
        obey(std::move(*order));
    }
    return 0;
}

} // namespace cloudnode
