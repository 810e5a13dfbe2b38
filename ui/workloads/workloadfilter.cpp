#include "ui/workloads/workloadfilter.h"

#include "ui/workloads/workloadmodel.h"

#include <algorithm>
#include <array>

namespace cloudnode {

WorkloadFilter::WorkloadFilter(QObject *parent) : QSortFilterProxyModel(parent)
{
    setSortRole(WorkloadModel::SortRole);
    setSortCaseSensitivity(Qt::CaseInsensitive);
}

void WorkloadFilter::setWhich(Which which)
{
    m_which = which;
    invalidateFilter();
}

void WorkloadFilter::setText(const QString &text)
{
    m_text = text.trimmed();
    invalidateFilter();
}

bool WorkloadFilter::filterAcceptsRow(int row, const QModelIndex &parent) const
{
    static constexpr std::array searched = {WorkloadModel::Type, WorkloadModel::Request, WorkloadModel::Pid,
                                            WorkloadModel::Result};
    const auto at = [&](int column) { return sourceModel()->index(row, column, parent); };
    if (at(0).data(WorkloadModel::ActiveRole).toBool() != (m_which == Which::Active))
        return false;
    return m_text.isEmpty() || std::any_of(searched.begin(), searched.end(), [&](int column) {
               return at(column).data().toString().contains(m_text, Qt::CaseInsensitive);
           });
}

} // namespace cloudnode
