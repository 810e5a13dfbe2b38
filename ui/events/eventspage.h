#pragma once

#include "ui/events/eventfilter.h"
#include "ui/events/eventmodel.h"

#include <QWidget>

namespace cloudnode {

class NodeFeed;
class PlainTable;

/// What the node did and why, in words.
class EventsPage : public QWidget {
    Q_OBJECT

public:
    explicit EventsPage(NodeFeed &feed, QWidget *parent = nullptr);

private:
    QLayout *makeBar();
    void setUpTable();
    void explainEmptiness();

    EventModel m_model;
    EventFilter m_filter;
    PlainTable *m_table;
};

} // namespace cloudnode
