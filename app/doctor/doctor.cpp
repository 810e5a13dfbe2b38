#include "doctor/doctor.h"

namespace cloudnode {

void Doctor::add(std::unique_ptr<Check> check)
{
    connect(check.get(), &Check::concluded, this,
            [this, index = m_items.size()](const QList<Finding> &findings) { take(index, findings); });
    m_items.push_back({std::move(check), {}, false});
}

void Doctor::add(const Finding &finding)
{
    m_items.push_back({nullptr, {finding}, true});
}

void Doctor::start()
{
    for (const Item &item : m_items) {
        if (item.check)
            item.check->start(m_limit);
    }
    tell();
}

void Doctor::take(size_t index, const QList<Finding> &findings)
{
    m_items[index].findings = findings;
    m_items[index].concluded = true;
    tell();
}

void Doctor::tell()
{
    if (m_told == m_items.size())
        return;
    for (; m_told < m_items.size() && m_items[m_told].concluded; ++m_told) {
        for (const Finding &finding : m_items[m_told].findings) {
            m_healthy = m_healthy && finding.verdict != Finding::Verdict::Problem;
            emit found(finding);
        }
    }
    if (m_told == m_items.size())
        emit finished(m_healthy);
}

} // namespace cloudnode
