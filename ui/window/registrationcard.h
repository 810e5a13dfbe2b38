#pragma once

#include "ui/feed/nodesnapshot.h"
#include "ui/look/card.h"

class QToolButton;

namespace cloudnode {

class Badge;
class ElidedLabel;

/// Am I known?
class RegistrationCard : public Card {
    Q_OBJECT

public:
    explicit RegistrationCard(QWidget *parent = nullptr);

    /// `isService`: see NodeMonitor.
    void tell(const std::optional<NodeSnapshot> &snapshot, bool isService);

protected:
    void changeEvent(QEvent *event) override;

private:
    ElidedLabel *m_uuid;
    ElidedLabel *m_workspace;
    ElidedLabel *m_backend;
    QToolButton *m_copy;
    Badge *m_service;
};

} // namespace cloudnode
