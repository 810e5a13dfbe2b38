#pragma once

#include <QStyledItemDelegate>

namespace cloudnode {

/// Paints a cell the platform's way, with some air at its sides, in the tone the model asks for, and elided
/// in the middle.
class CellDelegate : public QStyledItemDelegate {
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option,
               const QModelIndex &index) const override;

protected:
    /// The row's background, selection and hover; nothing of its content.
    static void paintBackground(QPainter *painter, const QStyleOptionViewItem &option,
                                const QModelIndex &index);
    static QColor textColor(const QStyleOptionViewItem &option, const QModelIndex &index);
    static void paintText(QPainter *painter, const QStyleOptionViewItem &option, const QRect &place,
                          const QColor &color, const QString &text, Qt::Alignment alignment);
};

} // namespace cloudnode
