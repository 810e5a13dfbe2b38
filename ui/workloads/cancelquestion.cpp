#include "ui/workloads/cancelquestion.h"

#include <QPushButton>

namespace cloudnode {

CancelQuestion::CancelQuestion(const WorkloadRecord &workload, QWidget *parent)
    : QMessageBox(QMessageBox::Question, tr("Cancel workload"), tr("Cancel %1?").arg(workload.name()),
                  NoButton, parent),
      m_workload(workload)
{
    setAttribute(Qt::WA_DeleteOnClose);
    setTextFormat(Qt::PlainText);
    setInformativeText(tr("It is asked to stop, with every process it has started. "
                          "Whoever requested it is told that it was cancelled."));
    QPushButton *yes = addButton(tr("Cancel workload"), DestructiveRole);
    QPushButton *no = addButton(tr("Keep running"), RejectRole);
    setDefaultButton(no);
    setEscapeButton(no);
    connect(yes, &QPushButton::clicked, this, &CancelQuestion::confirmed);
}

} // namespace cloudnode
