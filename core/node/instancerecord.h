#pragma once

#include "base/error.h"
#include "config/nodeconfig.h"
#include "wire/instance.h"

namespace cloudnode {

/// Which instance of the backend's this node is: as configured, or else as it was when it registered last.
class InstanceRecord {
public:
    /// `path`: of the file it is kept in, see InstanceIdentity. One that is of no use is logged.
    InstanceRecord(const NodeConfig &config, QString path);

    const Instance &known() const { return m_known; } ///< its uuid is empty if there is none
    QString slugHint() const;                         ///< for a new one

    /// What the backend has created or confirmed. Errors: the path and the system's reason.
    Result<void> store(const Instance &instance);

private:
    QString m_path;
    QString m_workspaceSlug;
    QString m_wantedSlug;
    Instance m_known;
    Instance m_stored; ///< by this node
};

} // namespace cloudnode
