#include "ui/feed/nodemonitor.h"

#include "ui/look/words.h"

namespace cloudnode {

NodeMonitor::NodeMonitor(NodeFeed &feed, QObject *parent) : QObject(parent), m_feed(feed)
{
    connect(&feed, &NodeFeed::statusArrived, this, &NodeMonitor::takeStatus);
    connect(&feed, &NodeFeed::upChanged, this, &NodeMonitor::takeLink);
}

Face NodeMonitor::face() const
{
    if (!m_snapshot && m_reason)
        return Face::Failed;
    return !m_snapshot && isSearching() ? Face::Starting : faceOf(m_snapshot);
}

QString NodeMonitor::detail() const
{
    return !m_snapshot && isSearching() ? tr("Looking for the node") : FaceWords::detail(m_snapshot);
}

void NodeMonitor::setSearching(bool searching)
{
    const bool forgets = searching && m_reason;
    if (forgets)
        m_reason.reset();
    if (std::exchange(m_searching, searching) != searching || forgets)
        emit changed();
}

void NodeMonitor::setService(bool service)
{
    if (std::exchange(m_service, service) != service)
        emit changed();
}

void NodeMonitor::takeStatus(const NodeSnapshot &snapshot)
{
    const bool isAnother = m_pid && m_pid != snapshot.pid;
    // Not any status voids it: the last ones of a node that failed may come after the reason.
    if (isAnother || snapshot.state == NodeState::Ready)
        m_reason.reset();
    m_snapshot = snapshot;
    m_pid = snapshot.pid;
    m_stateDir = snapshot.stateDir;
    if (!snapshot.slug.isEmpty())
        m_slug = snapshot.slug;
    emit changed();
}

void NodeMonitor::takeLink(bool up)
{
    if (up)
        return; // the status that follows tells more
    if (const auto words = m_snapshot ? lastWords(*m_snapshot) : std::nullopt)
        m_reason = words;
    m_snapshot.reset();
    m_searching = false;
    m_downSince = QDateTime::currentDateTimeUtc();
    emit changed();
}

void NodeMonitor::setTokenKept(bool kept)
{
    m_tokenKept = kept;
    emit changed();
}

void NodeMonitor::setStartFailure(const Error &failure)
{
    if (!m_reason) // else its last words, which know the way out better
        m_reason = startTrouble(failure);
    m_searching = false;
    emit changed();
}

Trouble NodeMonitor::nodeTrouble(const NodeSnapshot &snapshot)
{
    const NodeSnapshot::Problem &problem = *snapshot.problem;
    Trouble trouble{Words::sentence(problem.what), problem.since, problem.remedy, Remedy::TestConnection};
    if (snapshot.state == NodeState::Installing)
        trouble.remedy = Remedy::ShowInstallLog;
    else if (snapshot.state == NodeState::Starting || snapshot.state == NodeState::Registering)
        trouble.remedy = Remedy::OpenSettings;
    return trouble;
}

/// What ends a node is what it could not get over before it was ready: an install script, a rejected token.
std::optional<Trouble> NodeMonitor::lastWords(const NodeSnapshot &snapshot)
{
    const bool wasStarting = snapshot.state == NodeState::Starting ||
                             snapshot.state == NodeState::Installing ||
                             snapshot.state == NodeState::Registering;
    if (!snapshot.problem || !wasStarting)
        return std::nullopt;
    Trouble trouble = nodeTrouble(snapshot);
    trouble.what = tr("The node has ended: %1").arg(snapshot.problem->what);
    return trouble;
}

Trouble NodeMonitor::startTrouble(const Error &error)
{
    const QString what = error.where.isEmpty() ? error.what : tr("%1: %2").arg(error.where, error.what);
    return {tr("The node did not start: %1").arg(what), QDateTime::currentDateTimeUtc(), error.remedy,
            Remedy::OpenSettings};
}

Trouble NodeMonitor::absentTrouble() const
{
    if (m_pid)
        return {tr("The node no longer answers"), m_downSince,
                tr("Workloads run on. This window recovers by itself when the node is back."),
                Remedy::StartNode};
    return {tr("No node is running on this computer"), {}, {}, Remedy::StartNode, false};
}

std::optional<Trouble> NodeMonitor::trouble() const
{
    if (m_snapshot)
        return m_snapshot->problem ? std::optional(nodeTrouble(*m_snapshot)) : std::nullopt;
    if (!m_tokenKept)
        return Trouble{tr("No token yet"),
                       {},
                       tr("Paste one from your Cyberwave profile to go online."),
                       Remedy::OpenSettings,
                       false};
    if (m_reason)
        return m_reason;
    if (isSearching())
        return std::nullopt;
    return absentTrouble();
}

} // namespace cloudnode
