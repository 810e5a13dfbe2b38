#pragma once

#include "ui/feed/nodeevent.h"

#include <QAbstractTableModel>
#include <QList>

namespace cloudnode {

/// What the node did lately, latest first.
class EventModel : public QAbstractTableModel {
    Q_OBJECT

public:
    static constexpr int most = 2000; ///< older ones are dropped
    enum Column { Time, Kind, Text, ColumnCount };
    enum Role { LevelRole = Qt::UserRole }; ///< int of a NodeEvent::Level

    explicit EventModel(QObject *parent = nullptr);

    /// Oldest first. If they go on where the known ones end, only what is new is announced.
    void setEvents(const QList<NodeEvent> &events);
    void add(const NodeEvent &event);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    const NodeEvent &at(int row) const { return m_events.at(m_events.size() - 1 - row); }
    static QString text(const NodeEvent &event, int column);
    qsizetype continues(const QList<NodeEvent> &events) const;

    QList<NodeEvent> m_events; ///< oldest first
};

} // namespace cloudnode
