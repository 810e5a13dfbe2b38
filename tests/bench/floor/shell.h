#pragma once

#include <QByteArrayList>
#include <QProcessEnvironment>

#include <sys/types.h>

namespace cloudnode::bench {

/// Starts shell commands the cheapest way there is. The shell is the node's, bash, and its environment is
/// what a workload has: how much a shell does before its first command depends on it.
class Shell {
public:
    explicit Shell(const QProcessEnvironment &environment);

    pid_t spawn(const QByteArray &command) const;
    /// Until that one has ended.
    static void waitFor(pid_t pid);
    /// Until any has ended.
    static void waitForAny() { waitFor(-1); }

private:
    QByteArray m_program;
    QByteArrayList m_environment;
};

} // namespace cloudnode::bench
