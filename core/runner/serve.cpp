#include "runner/serve.h"

#include "record/launchorder.h"
#include "record/recordfolder.h"
#include "runner/addedenvironment.h"
#include "runner/options.h"
#include "runner/startworkload.h"
#include "runner/surroundings.h"

#include <fcntl.h>
#include <poll.h>

#include <cerrno>
#include <csignal>

namespace cloudnode {

namespace {

constexpr int pauseMs = 100; // after a spare has been killed: whoever kills it may do so again and again

/// What a spare has to say, before it does anything else.
constexpr char hasOrder = 'o';
constexpr char noMoreOrders = 'e';

/// True if it is done to its end.
bool obey(LaunchOrder &order, const Seat &seat, Descriptor &report)
{
    const AddedEnvironment environment(order.environment);
    char self[] = "cloudnode-runner";
    std::vector<char *> words{self};
    for (std::string &word : order.arguments)
        words.push_back(word.data());
    const auto count = static_cast<int>(words.size());
    words.push_back(nullptr);
    const auto options = parseOptions(count, words.data());
    const auto *start = options ? std::get_if<StartOptions>(&*options) : nullptr;
    return start && superviseWorkload(*start, seat, std::move(order.folder), report);
}

/// And whatever is ordered next through the first one's report. To make a process for each costs more than
/// all else that the start of a workload does.
void obeyAll(LaunchOrder first, const Seat &seat)
{
    Descriptor report = std::move(first.report);
    std::optional<LaunchOrder> order(std::move(first));
    const std::string_view free(&reportword::isFree, 1);
    while (order && obey(*order, seat, report) && writeAll(report.get(), free)) {
        order = receiveOrder(report.get());
        seat.forgetSignals(); // only now: until it has heard that we are free, the node may have sent some
    }
}

/// Waits for one order, with all that can be done before it already done, and obeys it.
[[noreturn]] void beSpare(Descriptor orders, Descriptor word)
{
    const Seat seat = Seat::take();
    auto order = receiveOrder(orders.get());
    orders.close();
    writeAll(word.get(), std::string_view(order ? &hasOrder : &noMoreOrders, 1));
    word.close();
    if (order)
        obeyAll(std::move(*order), seat);
    ::_exit(0);
}

/// Returns when it is needed no longer; what it has said, or 0 if it was killed.
char waitFor(const Descriptor &spare)
{
    char word = 0;
    ssize_t size = 0;
    do
        size = ::read(spare.get(), &word, 1);
    while (size < 0 && errno == EINTR);
    return size == 1 ? word : '\0';
}

} // namespace

int serve()
{
    Descriptor orders(::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
    surroundings::detach();
    ::signal(SIGCHLD, SIG_IGN); // supervisors end unattended
    for (;;) {
        int ends[2] = {-1, -1};
        const bool piped = ::pipe2(ends, O_CLOEXEC) == 0;
        Descriptor listener(ends[0]);
        Descriptor word(ends[1]);
        const pid_t spare = piped ? ::fork() : -1;
        if (spare == 0) {
            listener.close();
            beSpare(std::move(orders), std::move(word));
        }
        if (spare < 0) {
            if (!receiveOrder(orders.get())) // nobody obeys it: its report ends here, and `start` has to do
                return 0;
            continue;
        }
        word.close();
        const char said = waitFor(listener);
        if (said == noMoreOrders)
            return 0;
        if (said != hasOrder)
            ::poll(nullptr, 0, pauseMs);
    }
}

} // namespace cloudnode
