#pragma once

#include <QTableView>

namespace cloudnode {

/// A table of rows: no grid, no row numbers, whole rows are chosen, and it says why it is empty.
class PlainTable : public QTableView {
    Q_OBJECT

public:
    explicit PlainTable(QWidget *parent = nullptr);

    void setEmptyText(const QString &text);

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void takeFonts();

    QString m_emptyText;
};

} // namespace cloudnode
