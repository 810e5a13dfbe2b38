#pragma once

#include "ui/feed/face.h"
#include "ui/feed/nodefeed.h"

#include <QDateTime>
#include <QObject>

namespace cloudnode {

/// The one button a banner offers.
enum class Remedy { None, OpenSettings, TestConnection, StartNode, ShowInstallLog };

/// Something the owner should know: what happened, since when, what to do.
struct Trouble {
    QString what;
    QDateTime since; ///< UTC; invalid if it does not matter
    QString advice;
    Remedy remedy = Remedy::None;
    bool urgent = true; ///< false: a hint rather than a failure

    bool operator==(const Trouble &other) const = default;
};

/// Keeps what the feed told last and what follows from it. Tray and window look here, and only show.
class NodeMonitor : public QObject {
    Q_OBJECT

public:
    explicit NodeMonitor(NodeFeed &feed, QObject *parent = nullptr);

    /// Of the node that answers; none while none does.
    const std::optional<NodeSnapshot> &snapshot() const { return m_snapshot; }
    Face face() const;
    QString title() const { return FaceWords::title(face()); }
    QString detail() const;
    /// The slug of the node, also of one that no longer answers; empty before the first answer.
    const QString &slug() const { return m_slug; }
    /// Where the node keeps what it must not forget; like slug().
    const QString &stateDir() const { return m_stateDir; }
    std::optional<Trouble> trouble() const;
    /// Whether the node that answers runs outside this program and goes on without it.
    bool isService() const { return m_snapshot && m_service; }

    /// Whether a node may still turn up by itself. True at first: nobody has looked yet. With true, why there
    /// has been none is forgotten.
    void setSearching(bool searching);
    void setService(bool service);
    /// Without a token no node can start here.
    void setTokenKept(bool kept);
    /// Why the node of this process did not start, or did not get far. What it said itself counts more.
    void setStartFailure(const Error &failure);

signals:
    void changed();

private:
    void takeStatus(const NodeSnapshot &snapshot);
    void takeLink(bool up);
    static Trouble nodeTrouble(const NodeSnapshot &snapshot);
    static std::optional<Trouble> lastWords(const NodeSnapshot &snapshot);
    static Trouble startTrouble(const Error &error);
    Trouble absentTrouble() const;
    bool isSearching() const { return m_searching && m_tokenKept && !m_reason; }

    NodeFeed &m_feed;
    std::optional<NodeSnapshot> m_snapshot;
    QString m_slug;
    QString m_stateDir;
    QDateTime m_downSince = QDateTime::currentDateTimeUtc();
    std::optional<qint64> m_pid;     ///< of the node that answered last
    std::optional<Trouble> m_reason; ///< why no node is there; none: it just is not
    bool m_service = false;
    bool m_searching = true;
    bool m_tokenKept = true;
};

} // namespace cloudnode
