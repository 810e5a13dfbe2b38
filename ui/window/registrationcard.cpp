#include "ui/window/registrationcard.h"

#include "ui/look/badge.h"
#include "ui/look/elidedlabel.h"
#include "ui/look/grid.h"
#include "ui/look/icons.h"

#include <QApplication>
#include <QClipboard>
#include <QEvent>
#include <QToolButton>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

RegistrationCard::RegistrationCard(QWidget *parent)
    : Card(tr("Registration"), parent),
      m_uuid(new ElidedLabel(Qt::ElideMiddle)),
      m_workspace(new ElidedLabel),
      m_backend(new ElidedLabel),
      m_copy(new QToolButton),
      m_service(new Badge)
{
    m_copy->setAutoRaise(true);
    m_copy->setIcon(icons::glyph(u"copy"_s, palette()));
    m_copy->setToolTip(tr("Copy the instance uuid"));
    m_copy->setAccessibleName(tr("Copy the instance uuid"));
    connect(m_copy, &QToolButton::clicked, this,
            [this] { QApplication::clipboard()->setText(m_uuid->text()); });
    m_service->setToolTip(tr("This node runs outside this program, and goes on when it is closed."));
    addBeside(m_service);
    auto *line = new QHBoxLayout;
    line->addWidget(m_uuid, 1);
    line->addWidget(m_copy);
    body()->addLayout(line);
    body()->addWidget(m_workspace);
    body()->addWidget(m_backend);
    body()->addStretch();
    tell({}, false);
}

void RegistrationCard::tell(const std::optional<NodeSnapshot> &snapshot, bool isService)
{
    m_service->setWord(isService ? tr("Service") : QString(), {});
    const bool known = snapshot && !snapshot->instanceUuid.isEmpty();
    m_copy->setEnabled(known);
    m_uuid->setFact(known      ? snapshot->instanceUuid
                    : snapshot ? tr("Not registered yet")
                               : tr("No node answers"));
    if (!snapshot) {
        m_workspace->setFact({});
        m_backend->setFact({});
        return;
    }
    const QString profile = tr("Profile %1").arg(snapshot->profileSlug);
    m_workspace->setFact(snapshot->workspaceSlug.isEmpty()
                             ? profile
                             : tr("Workspace %1, %2").arg(snapshot->workspaceSlug, profile.toLower()));
    m_backend->setFact(snapshot->controlPlane.isEmpty()
                           ? snapshot->apiUrl
                           : tr("%1, over %2").arg(snapshot->apiUrl, snapshot->controlPlane.toUpper()));
}

void RegistrationCard::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange)
        m_copy->setIcon(icons::glyph(u"copy"_s, palette()));
    Card::changeEvent(event);
}

} // namespace cloudnode
