#pragma once

#include "base/error.h"

#include <memory>

namespace cloudnode {

/// Holds a state directory for one node. The system lets go of it when the process ends, however it ends.
class NodeLock {
public:
    /// Errors: another node holds it (names its pid, if known), or there can be no such file. Waits up to a
    /// second for one that has just been killed.
    static Result<std::unique_ptr<NodeLock>> acquire(const QString &path);
    ~NodeLock();
    Q_DISABLE_COPY_MOVE(NodeLock)

private:
    explicit NodeLock(int fd) : m_fd(fd) {}

    int m_fd;
};

} // namespace cloudnode
