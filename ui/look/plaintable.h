#pragma once

#include <QTableView>

namespace cloudnode {

/// A table of rows: no grid, no row numbers, whole rows are chosen, and it says why it is empty. What is on
/// the screen stays where it is while rows come and go above it, unless the first row is on the screen; and a
/// choice that goes away is not replaced by one that nobody made.
class PlainTable : public QTableView {
    Q_OBJECT

public:
    explicit PlainTable(QWidget *parent = nullptr);

    void setEmptyText(const QString &text);

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;
    void rowsInserted(const QModelIndex &parent, int start, int end) override;
    void rowsAboutToBeRemoved(const QModelIndex &parent, int start, int end) override;

private:
    void takeFonts();
    int rowHeight() const;

    QString m_emptyText;
};

} // namespace cloudnode
