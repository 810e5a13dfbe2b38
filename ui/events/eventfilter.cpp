#include "ui/events/eventfilter.h"

#include "ui/events/eventmodel.h"

namespace cloudnode {

void EventFilter::setText(const QString &text)
{
    m_text = text.trimmed();
    invalidateFilter();
}

void EventFilter::setOnlyTrouble(bool only)
{
    m_onlyTrouble = only;
    invalidateFilter();
}

bool EventFilter::filterAcceptsRow(int row, const QModelIndex &parent) const
{
    const QModelIndex index = sourceModel()->index(row, EventModel::Text, parent);
    if (m_onlyTrouble &&
        index.data(EventModel::LevelRole).toInt() == static_cast<int>(NodeEvent::Level::Info))
        return false;
    return m_text.isEmpty() || index.data().toString().contains(m_text, Qt::CaseInsensitive);
}

} // namespace cloudnode
