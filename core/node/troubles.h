#pragma once

#include "base/error.h"
#include "wire/nodestatus.h"

#include <map>

namespace cloudnode {

/// What is wrong just now, of which the gravest is shown.
class Troubles {
public:
    enum class Kind { Install, Token, Registration, Broker, Heartbeat }; ///< gravest first

    /// Again with other words: the latest words count, and the first moment.
    void raise(Kind kind, const Error &reason);
    /// True if there was one.
    bool clear(Kind kind);
    bool has(Kind kind) const { return m_open.contains(kind); }
    std::optional<NodeStatus::Problem> gravest() const;

private:
    std::map<Kind, NodeStatus::Problem> m_open;
};

} // namespace cloudnode
