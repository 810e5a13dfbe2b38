#include "ui/logview/logpage.h"

namespace cloudnode {

void LogPage::setRows(const QList<LogLine> &lines)
{
    m_rows.clear();
    m_rows.reserve(lines.size());
    for (const LogLine &line : lines) {
        m_rows.append({line.begin, line.end, line.isError, AnsiText::parse(line.text)});
        m_widest = std::max(m_widest, m_rows.last().text.text.size());
    }
}

void LogPage::setTop(int row)
{
    m_top = std::clamp(row, 0, lastTop());
}

qsizetype LogPage::bottom() const
{
    return std::min<qsizetype>(m_rows.size(), m_top + m_screen);
}

int LogPage::lastTop() const
{
    return std::max(0, static_cast<int>(m_rows.size()) - m_screen);
}

bool LogPage::startsDocument() const
{
    return m_rows.isEmpty() || m_rows.first().begin == 0;
}

bool LogPage::endsDocument() const
{
    return m_rows.isEmpty() || m_rows.last().end >= m_documentSize;
}

bool LogPage::isAtEnd() const
{
    return endsDocument() && m_top >= lastTop();
}

qint64 LogPage::topOffset() const
{
    return m_rows.isEmpty() ? 0 : m_rows.at(std::min<qsizetype>(m_top, m_rows.size() - 1)).begin;
}

qint64 LogPage::shownBytes() const
{
    return m_rows.isEmpty() ? 0 : m_rows.at(bottom() - 1).end - topOffset();
}

bool LogPage::shows(qint64 begin) const
{
    return !m_rows.isEmpty() && topOffset() <= begin && begin <= m_rows.at(bottom() - 1).begin;
}

const LogRow *LogPage::rowAt(qint64 begin) const
{
    const int index = indexFrom(begin);
    return index < m_rows.size() && m_rows.at(index).begin == begin ? &m_rows.at(index) : nullptr;
}

int LogPage::indexFrom(qint64 offset) const
{
    const auto row = std::lower_bound(m_rows.begin(), m_rows.end(), offset,
                                      [](const LogRow &each, qint64 wanted) { return each.begin < wanted; });
    return static_cast<int>(row - m_rows.begin());
}

QString LogPage::visibleText() const
{
    QStringList texts;
    for (qsizetype row = m_top; row < bottom(); ++row)
        texts.append(m_rows.at(row).text.text);
    return texts.join(u'\n');
}

} // namespace cloudnode
