#include "bench/table.h"

#include <QStringList>

#include <algorithm>
#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::bench {

namespace {

/// Three digits that matter.
QString number(double value)
{
    const int decimals = value == 0 ? 0 : 2 - static_cast<int>(std::floor(std::log10(std::abs(value))));
    return QString::number(value, 'f', std::clamp(decimals, 0, 3));
}

QString summary(const Summary &summary)
{
    return summary.n > 1 ? number(summary.median) + u" / "_s + number(summary.p99) : number(summary.median);
}

QString goal(const Row &row, const Goal &goal)
{
    QString text = goal.bound == Goal::Bound::AtMost ? u"<= "_s : u">= "_s;
    switch (goal.of) {
    case Goal::Of::Ratio:
        text += number(goal.limit) + u" x"_s;
        break;
    case Goal::Of::P99Ratio:
        text = u"p99 "_s + text + number(goal.limit) + u" x"_s;
        break;
    case Goal::Of::Median:
        text += number(goal.limit) + u' ' + row.unit;
        break;
    case Goal::Of::P99:
        text = u"p99 "_s + text + number(goal.limit) + u' ' + row.unit;
        break;
    case Goal::Of::Max:
        text = u"max "_s + text + number(goal.limit) + u' ' + row.unit;
        break;
    }
    if (goal.of == Goal::Of::P99Ratio)
        text += u" ("_s + number(row.p99Ratio().value_or(0)) + u')';
    if (goal.of == Goal::Of::Max)
        text += u" ("_s + number(row.measured.max) + u')';
    return text + (row.meets(goal) ? u": met"_s : u": MISSED"_s);
}

QStringList cells(const Row &row)
{
    QStringList goals;
    for (const Goal &one : row.goals)
        goals << goal(row, one);
    const auto ratio = row.ratio();
    return {row.what,
            summary(row.measured) + u' ' + row.unit,
            QString::number(row.measured.n),
            row.floor ? summary(*row.floor) + u' ' + row.unit : QString(),
            ratio ? number(*ratio) : QString(),
            goals.isEmpty() ? u"reported"_s : goals.join(u", "_s),
            row.floorWhat};
}

} // namespace

QString table(const QList<Row> &rows)
{
    QList<QStringList> lines{
        {u"what"_s, u"median / p99"_s, u"n"_s, u"floor"_s, u"ratio"_s, u"goal"_s, u"the floor is"_s}};
    for (const Row &row : rows)
        lines << cells(row);
    QList<qsizetype> widths(lines.first().size(), 0);
    for (const QStringList &line : std::as_const(lines)) {
        for (qsizetype i = 0; i < line.size(); ++i)
            widths[i] = std::max(widths[i], line[i].size());
    }
    QString text;
    for (const QStringList &line : std::as_const(lines)) {
        QString padded;
        for (qsizetype i = 0; i < line.size(); ++i)
            padded += line[i].leftJustified(static_cast<int>(widths[i]) + 2);
        text += padded.trimmed() + u'\n';
    }
    return text;
}

} // namespace cloudnode::bench
