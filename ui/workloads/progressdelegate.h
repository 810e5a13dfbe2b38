#pragma once

#include "ui/workloads/celldelegate.h"

namespace cloudnode {

/// A thin bar with its percentage where a workload tells how far it is; its state in words where not.
class ProgressDelegate : public CellDelegate {
    Q_OBJECT

public:
    using CellDelegate::CellDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
};

} // namespace cloudnode
