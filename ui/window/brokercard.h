#pragma once

#include "ui/feed/nodesnapshot.h"
#include "ui/look/card.h"

namespace cloudnode {

class Badge;
class ElidedLabel;

/// Am I reachable?
class BrokerCard : public Card {
    Q_OBJECT

public:
    explicit BrokerCard(QWidget *parent = nullptr);

    void tell(const std::optional<NodeSnapshot> &snapshot);

private:
    void showWaiting(const NodeSnapshot &snapshot);

    ElidedLabel *m_host;
    ElidedLabel *m_state;
    ElidedLabel *m_waiting;
    Badge *m_tls;
};

} // namespace cloudnode
