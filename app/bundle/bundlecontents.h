#pragma once

#include "bundle/bundlefolder.h"
#include "config/configloader.h"

namespace cloudnode {

/// What of a node can be read from files, running or not. Each of these adds to the bundle.
/// Errors: the bundle cannot be written; what cannot be read is noted in it instead.
class BundleContents {
public:
    BundleContents(BundleFolder &folder, const ConfigRequest &request);

    Result<void> addVersions();
    Result<void> addConfiguration();
    /// Identity, events, install script's output, and the newest workloads' records. `withOutput`: also the
    /// end of what the newest workloads have printed, which may be confidential.
    Result<void> addState(bool withOutput);

private:
    Result<void> addWorkloads(const QString &folder);
    Result<void> addSpec(const QFileInfo &workload);
    Result<void> addOutput(const QString &folder);

    BundleFolder &m_folder;
    ConfigRequest m_request;
    QString m_state;
};

} // namespace cloudnode
