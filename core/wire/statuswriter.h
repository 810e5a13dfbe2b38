#pragma once

#include "base/jsontext.h"
#include "wire/nodestatus.h"

#include <optional>

namespace cloudnode {

/// Puts a node's status into JSON: the specification's keys, and ours beside them. It remembers how it has
/// written what seldom changes, as the same node is asked again and again.
class StatusWriter {
public:
    explicit StatusWriter(const NodeFacts &facts);

    JsonText write(const NodeStatus &status);

private:
    template <typename Part>
    class Kept {
    public:
        const JsonText &of(const Part &part);

    private:
        std::optional<Part> m_part; ///< of which m_text tells
        JsonText m_text;
    };

    JsonText m_facts;
    int m_mostWorkloads;
    Kept<NodeStatus::Heartbeat> m_heartbeat;
    Kept<NodeStatus::Broker> m_broker;
};

} // namespace cloudnode
