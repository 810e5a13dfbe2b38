#pragma once

#include <QSortFilterProxyModel>

namespace cloudnode {

/// Active or finished workloads, those that contain a text, in the order asked for.
class WorkloadFilter : public QSortFilterProxyModel {
    Q_OBJECT

public:
    enum class Which { Active, Finished };

    explicit WorkloadFilter(QObject *parent = nullptr);

    void setWhich(Which which);
    void setText(const QString &text); ///< of type, request id, PID or result; case does not matter

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override;

private:
    Which m_which = Which::Active;
    QString m_text;
};

} // namespace cloudnode
