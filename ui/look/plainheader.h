#pragma once

#include <QHeaderView>

namespace cloudnode {

/// Column titles as small print above a line, in line with what is below them.
class PlainHeader : public QHeaderView {
    Q_OBJECT

public:
    explicit PlainHeader(QWidget *parent = nullptr);

protected:
    void paintSection(QPainter *painter, const QRect &rect, int section) const override;

private:
    void paintOrder(QPainter *painter, const QRect &place) const;
};

} // namespace cloudnode
