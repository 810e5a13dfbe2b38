#pragma once

#include "ui/workloads/celldelegate.h"

#include <QPersistentModelIndex>

namespace cloudnode {

/// The button of a row. Painted rather than a widget, so that a thousand rows cost nothing.
class ActionDelegate : public CellDelegate {
    Q_OBJECT

public:
    using CellDelegate::CellDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;
    bool editorEvent(QEvent *event, QAbstractItemModel *model, const QStyleOptionViewItem &option,
                     const QModelIndex &index) override;
    static QRect buttonRect(const QRect &cell);

signals:
    void clicked(const QModelIndex &index);

private:
    QPersistentModelIndex m_pressed;
};

} // namespace cloudnode
