#pragma once

#include "base/secretmask.h"
#include "cloud/commandlink.h"
#include "config/nodeconfig.h"
#include "node/installscript.h"
#include "wire/statuswriter.h"
#include "workload/workloadpool.h"

/// What the parts of a node have to know, out of its configuration. Pure, but for the process's own
/// environment and id.
namespace cloudnode::nodesettings {

SecretMask mask(const NodeConfig &config); ///< blacks out the secrets it holds
NodeFacts facts(const NodeConfig &config);
LinkPatience linkPatience(const NodeConfig &config);
/// `runner`: its program; `cgroups`: the folder for them, empty if there are to be none.
WorkloadPoolSettings pool(const NodeConfig &config, const SecretMask &mask, const QString &runner,
                          const QString &cgroups);
InstallScriptSettings installScript(const NodeConfig &config, const SecretMask &mask);
/// What travels to other computers for all to read, and how to mend that.
QList<Error> unencrypted(const NodeConfig &config, const LinkSettings &link);

} // namespace cloudnode::nodesettings
