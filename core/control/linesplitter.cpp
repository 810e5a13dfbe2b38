#include "control/linesplitter.h"

namespace cloudnode {

void LineSplitter::append(const QByteArray &bytes)
{
    if (m_overflown)
        return;
    m_bytes.remove(0, m_start);
    m_searched -= m_start;
    m_start = 0;
    m_bytes += bytes;
}

std::optional<QByteArray> LineSplitter::next()
{
    if (m_overflown)
        return std::nullopt;
    const qsizetype end = m_bytes.indexOf('\n', m_searched);
    m_searched = end < 0 ? m_bytes.size() : end + 1;
    if ((end < 0 ? m_bytes.size() : end) - m_start > m_maxBytes) {
        m_overflown = true;
        m_bytes.clear();
        return std::nullopt;
    }
    if (end < 0)
        return std::nullopt;
    const QByteArray line = m_bytes.sliced(m_start, end - m_start);
    m_start = m_searched;
    return line;
}

} // namespace cloudnode
