#pragma once

#include <QString>

namespace cloudnode {

/// What the backend calls this node. Both are empty until it has been registered once.
struct Instance {
    QString uuid;
    QString slug;

    bool operator==(const Instance &other) const = default;
};

} // namespace cloudnode
