#pragma once

#include "base/error.h"

#include <QDateTime>
#include <QString>

#include <optional>

namespace cloudnode {

/// What the backend called this node when it registered; kept, so that it comes back as the same.
/// Source: instance_identity.json, which other Cyberwave programs read too.
struct InstanceIdentity {
    QString uuid;
    QString slug;
    QString workspaceSlug;  ///< empty: unknown
    QDateTime registeredAt; ///< UTC

    /// An identity, or none. `warning` tells why a file that is there was of no use.
    struct Loaded;
    /// Keys it does not know are ignored. A missing file is no identity and no warning.
    static Loaded load(const QString &path);
    /// Writes it, whole or not at all, for its owner only; its folder is made if need be.
    /// Errors: the path and the system's reason.
    Result<void> save(const QString &path) const;

    bool operator==(const InstanceIdentity &other) const = default;
};

struct InstanceIdentity::Loaded {
    std::optional<InstanceIdentity> identity;
    std::optional<Error> warning;
};

} // namespace cloudnode
