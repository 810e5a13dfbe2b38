#pragma once

#include "ui/feed/workloadrecord.h"

#include <QMessageBox>

namespace cloudnode {

/// Asks whether a workload shall be ended, and says what that means. Closes by itself when the workload ends
/// meanwhile.
class CancelQuestion : public QMessageBox {
    Q_OBJECT

public:
    CancelQuestion(const WorkloadRecord &workload, QWidget *parent);

    const WorkloadRecord &workload() const { return m_workload; }

signals:
    void confirmed();

private:
    WorkloadRecord m_workload;
};

} // namespace cloudnode
