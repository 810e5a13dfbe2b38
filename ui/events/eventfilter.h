#pragma once

#include <QSortFilterProxyModel>

namespace cloudnode {

/// Events that contain a text, all of them or only warnings and errors.
class EventFilter : public QSortFilterProxyModel {
    Q_OBJECT

public:
    using QSortFilterProxyModel::QSortFilterProxyModel;

    void setText(const QString &text);
    void setOnlyTrouble(bool only);

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override;

private:
    QString m_text;
    bool m_onlyTrouble = false;
};

} // namespace cloudnode
