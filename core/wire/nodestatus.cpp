#include "wire/nodestatus.h"

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

QString toString(NodeState state)
{
    switch (state) {
    case NodeState::Starting:
        return u"starting"_s;
    case NodeState::Installing:
        return u"installing"_s;
    case NodeState::Registering:
        return u"registering"_s;
    case NodeState::Connecting:
        return u"connecting"_s;
    case NodeState::Ready:
        return u"ready"_s;
    case NodeState::Stopping:
        return u"stopping"_s;
    }
    Q_UNREACHABLE();
}

} // namespace cloudnode
