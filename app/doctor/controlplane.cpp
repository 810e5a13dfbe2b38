#include "doctor/controlplane.h"

#include "cloud/controlplanememory.h"
#include "config/statepaths.h"
#include "words.h"

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

Finding controlPlaneFinding(const NodeConfig &config)
{
    const QString name = u"control plane"_s;
    if (config.controlPlane != u"auto")
        return Finding::ok(name, words::controlPlane(config.controlPlane) + u", as control_plane says"_s);
    const QString known =
        ControlPlaneMemory(StatePaths(config.stateDir).controlPlane()).recall(config.apiUrl);
    if (known.isEmpty())
        return Finding::note(name, u"not known yet: the node finds out when it registers"_s);
    return Finding::ok(name, words::controlPlane(known) + u", as the last time"_s);
}

} // namespace cloudnode
