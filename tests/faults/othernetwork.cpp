#include "faults/othernetwork.h"

#include <QProcess>

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <cerrno>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::faults {

namespace {

constexpr char ownNetwork[] = "/proc/thread-self/ns/net";

int openNamespace()
{
    return ::open(ownNetwork, O_RDONLY | O_CLOEXEC);
}

Result<void> ip(const QString &arguments)
{
    QProcess process;
    process.start(u"ip"_s, arguments.split(u' '));
    if (!process.waitForStarted())
        return fail(u"cannot run ip: "_s + process.errorString(), {}, u"Install iproute2."_s);
    process.waitForFinished();
    if (process.exitCode() != 0)
        return fail(QString::fromLocal8Bit(process.readAllStandardError()).trimmed(), u"ip "_s + arguments);
    return {};
}

Result<void> ipInOrder(const QStringList &commands)
{
    for (const QString &command : commands) {
        if (auto done = ip(command); !done)
            return done;
    }
    return {};
}

} // namespace

Result<std::unique_ptr<OtherNetwork>> OtherNetwork::make()
{
    if (::unshare(CLONE_NEWNET) != 0)
        return fail(u"a network namespace is not permitted here: "_s + systemError(errno));
    const int there = openNamespace();
    if (::unshare(CLONE_NEWNET) != 0)
        return fail(u"a second network namespace is not permitted here: "_s + systemError(errno));
    std::unique_ptr<OtherNetwork> network(new OtherNetwork(openNamespace(), there));
    // ip names the other one by a process in it: ourselves, by an open descriptor.
    const QString other = u"/proc/%1/fd/%2"_s.arg(::getpid()).arg(there);
    const auto ours = ipInOrder(
        {u"link set lo up"_s, u"link add here type veth peer name there netns "_s + other,
         u"address add %1/24 dev here"_s.arg(QLatin1StringView(ourAddress)), u"link set here up"_s});
    if (!ours)
        return tl::make_unexpected(ours.error());
    const Visit visit(*network);
    const auto theirs =
        ipInOrder({u"link set lo up"_s, u"address add %1/24 dev there"_s.arg(QLatin1StringView(theirAddress)),
                   u"link set there up"_s});
    if (!theirs)
        return tl::make_unexpected(theirs.error());
    return network;
}

OtherNetwork::~OtherNetwork()
{
    ::close(m_there);
    ::close(m_home);
}

Result<void> OtherNetwork::pullCable()
{
    const Visit visit(*this);
    return ip(u"link set there down"_s);
}

Result<void> OtherNetwork::plugCable()
{
    const Visit visit(*this);
    return ip(u"link set there up"_s);
}

OtherNetwork::Visit::Visit(const OtherNetwork &network) : m_home(network.m_home)
{
    ::setns(network.m_there, CLONE_NEWNET);
}

OtherNetwork::Visit::~Visit()
{
    ::setns(m_home, CLONE_NEWNET);
}

} // namespace cloudnode::faults
