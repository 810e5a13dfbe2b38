#include "ui/feed/face.h"

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

Face connectedFace(const NodeSnapshot &snapshot)
{
    if (snapshot.paused)
        return Face::Paused;
    return snapshot.activeWorkloads.isEmpty() ? Face::Ready : Face::Busy;
}

} // namespace

Face faceOf(const std::optional<NodeSnapshot> &snapshot)
{
    if (!snapshot)
        return Face::Offline;
    switch (snapshot->state) {
    case NodeState::Starting:
    case NodeState::Installing:
    case NodeState::Registering:
        return snapshot->problem ? Face::Failed : Face::Starting;
    case NodeState::Connecting:
        return snapshot->problem ? Face::Offline : Face::Starting;
    case NodeState::Ready:
        return snapshot->broker.connected ? connectedFace(*snapshot) : Face::Offline;
    case NodeState::Stopping:
        return Face::Offline;
    }
    Q_UNREACHABLE();
}

QString faceName(Face face)
{
    switch (face) {
    case Face::Starting:
        return u"starting"_s;
    case Face::Ready:
        return u"ready"_s;
    case Face::Busy:
        return u"busy"_s;
    case Face::Paused:
        return u"paused"_s;
    case Face::Offline:
        return u"offline"_s;
    case Face::Failed:
        return u"failed"_s;
    }
    Q_UNREACHABLE();
}

QString FaceWords::title(Face face)
{
    switch (face) {
    case Face::Starting:
        return tr("Starting");
    case Face::Ready:
        return tr("Ready");
    case Face::Busy:
        return tr("Busy");
    case Face::Paused:
        return tr("Paused");
    case Face::Offline:
        return tr("Offline");
    case Face::Failed:
        return tr("Needs attention");
    }
    Q_UNREACHABLE();
}

QString FaceWords::running(qsizetype workloads)
{
    const int count = static_cast<int>(workloads);
    return count == 1 ? tr("1 workload is running") : tr("%n workloads are running", nullptr, count);
}

QString FaceWords::readyDetail(const NodeSnapshot &snapshot)
{
    if (!snapshot.broker.connected)
        return tr("Not connected to the broker");
    const bool working = !snapshot.activeWorkloads.isEmpty();
    if (snapshot.paused)
        return working ? tr("New work is refused, %1").arg(running(snapshot.activeWorkloads.size()))
                       : tr("New work is refused until you resume");
    return working ? running(snapshot.activeWorkloads.size()) : tr("Waiting for work");
}

QString FaceWords::stateDetail(const NodeSnapshot &snapshot)
{
    switch (snapshot.state) {
    case NodeState::Starting:
        return tr("Reading its configuration");
    case NodeState::Installing:
        return snapshot.problem ? tr("Its install script has failed") : tr("Running the install script");
    case NodeState::Registering:
        return tr("Registering with the backend");
    case NodeState::Connecting:
        return tr("Connecting to the broker");
    case NodeState::Ready:
        return readyDetail(snapshot);
    case NodeState::Stopping:
        return tr("Stopping; workloads run on");
    }
    Q_UNREACHABLE();
}

QString FaceWords::detail(const std::optional<NodeSnapshot> &snapshot)
{
    return snapshot ? stateDetail(*snapshot) : tr("No node is running on this computer");
}

} // namespace cloudnode
