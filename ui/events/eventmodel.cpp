#include "ui/events/eventmodel.h"

#include "ui/look/semanticcolors.h"
#include "ui/look/words.h"
#include "ui/workloads/workloadmodel.h"

#include <QLocale>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

/// Today's need no date.
QString moment(const QDateTime &at)
{
    const QDateTime local = at.toLocalTime();
    const QString time = local.toString(u"HH:mm:ss"_s);
    return local.date() == QDate::currentDate() ? time
                                                : QLocale().toString(local.date(), u"d MMM"_s) + u' ' + time;
}

QVariant toneOf(NodeEvent::Level level)
{
    if (level == NodeEvent::Level::Info)
        return {};
    return static_cast<int>(level == NodeEvent::Level::Error ? Tone::Trouble : Tone::Attention);
}

} // namespace

EventModel::EventModel(QObject *parent) : QAbstractTableModel(parent) {}

void EventModel::setEvents(const QList<NodeEvent> &events)
{
    const qsizetype fresh = continues(events);
    if (fresh >= 0) {
        for (const NodeEvent &event : events.sliced(fresh))
            add(event);
        return;
    }
    beginResetModel();
    m_events = events.size() > most ? events.last(most) : events;
    endResetModel();
}

/// Index of the first event that is not known yet; -1 if these are about something else.
qsizetype EventModel::continues(const QList<NodeEvent> &events) const
{
    if (m_events.isEmpty())
        return -1;
    const qsizetype latest = events.lastIndexOf(m_events.last());
    return latest < 0 ? -1 : latest + 1;
}

void EventModel::add(const NodeEvent &event)
{
    if (m_events.size() >= most) {
        beginRemoveRows({}, most - 1, most - 1);
        m_events.removeFirst();
        endRemoveRows();
    }
    beginInsertRows({}, 0, 0);
    m_events.append(event);
    endInsertRows();
}

int EventModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_events.size());
}

int EventModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString EventModel::text(const NodeEvent &event, int column)
{
    switch (column) {
    case Time:
        return moment(event.at);
    case Kind:
        return event.level == NodeEvent::Level::Info      ? tr("Info")
               : event.level == NodeEvent::Level::Warning ? tr("Warning")
                                                          : tr("Error");
    default:
        return Words::sentence(event.text);
    }
}

QVariant EventModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const NodeEvent &event = at(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return text(event, index.column());
    case Qt::ToolTipRole:
        return index.column() == Time ? Words::absolute(event.at) : event.text;
    case LevelRole:
        return static_cast<int>(event.level);
    case WorkloadModel::ToneRole:
        return index.column() == Kind ? toneOf(event.level) : QVariant();
    default:
        return {};
    }
}

QVariant EventModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue(Qt::AlignLeft | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    return section == Time ? tr("Time") : section == Kind ? tr("Level") : tr("What happened");
}

} // namespace cloudnode
