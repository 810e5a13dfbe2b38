#include "texttable.h"

#include "console.h"

#include <QStringList>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

constexpr qsizetype widestAligned = 48; // a longer text pushes its own line aside, not everybody's

QList<qsizetype> widthsOf(const QList<QList<Cell>> &rows)
{
    QList<qsizetype> widths;
    for (const QList<Cell> &row : rows) {
        for (qsizetype i = 0; i < row.size(); ++i) {
            if (i == widths.size())
                widths << 0;
            widths[i] = std::max(widths[i], std::min(row[i].text.size(), widestAligned));
        }
    }
    return widths;
}

QString lineOf(const QList<Cell> &row, const QList<qsizetype> &widths, const Painter &painter)
{
    QString line;
    for (qsizetype i = 0; i < row.size(); ++i) {
        line += painter.paint(row[i].text, row[i].tone);
        if (i + 1 < row.size())
            line += QString(std::max<qsizetype>(widths[i] - row[i].text.size(), 0) + 2, u' ');
    }
    return line;
}

} // namespace

void TextTable::add(QList<Cell> row)
{
    for (Cell &cell : row)
        cell.text = console::printable(cell.text.trimmed()).replace(u'\n', u" ⏎ "_s);
    m_rows << row;
}

QString TextTable::text(const Painter &painter, int indent) const
{
    const QList<qsizetype> widths = widthsOf(m_rows);
    QStringList lines;
    for (const QList<Cell> &row : m_rows)
        lines << QString(indent, u' ') + lineOf(row, widths, painter);
    return lines.join(u'\n');
}

} // namespace cloudnode
