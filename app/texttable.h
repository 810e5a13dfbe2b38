#pragma once

#include "painter.h"

#include <QList>

namespace cloudnode {

/// One place in a table. Its text may come from anywhere: what a terminal would obey is taken out.
struct Cell {
    QString text;
    Tone tone = Tone::Plain;
};

/// Lines whose columns stand below each other.
class TextTable {
public:
    void add(QList<Cell> row);
    bool isEmpty() const { return m_rows.isEmpty(); }
    /// Without a line break at the end. Each line starts with `indent` spaces.
    QString text(const Painter &painter, int indent = 0) const;

private:
    QList<QList<Cell>> m_rows;
};

} // namespace cloudnode
