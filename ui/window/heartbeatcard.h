#pragma once

#include "ui/feed/nodesnapshot.h"
#include "ui/look/card.h"

namespace cloudnode {

class Badge;
class ElidedLabel;
class HeartbeatStrip;

/// Am I alive, as the backend sees it?
class HeartbeatCard : public Card {
    Q_OBJECT

public:
    explicit HeartbeatCard(QWidget *parent = nullptr);

    void tell(const std::optional<NodeSnapshot> &snapshot);

private:
    static QString lastText(const NodeSnapshot::Heartbeat &heartbeat, const QDateTime &now);
    static QString nextText(const NodeSnapshot::Heartbeat &heartbeat, const QDateTime &now);

    ElidedLabel *m_last;
    ElidedLabel *m_next;
    HeartbeatStrip *m_strip;
    Badge *m_misses;
};

} // namespace cloudnode
