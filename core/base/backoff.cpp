#include "base/backoff.h"

#include <QRandomGenerator>

#include <algorithm>

namespace cloudnode {

Backoff::Backoff(Milliseconds first, Milliseconds longest, Chance chance)
    : m_first(first),
      m_longest(longest),
      m_chance(chance ? std::move(chance) : [] { return QRandomGenerator::global()->generateDouble(); })
{
}

Backoff::Milliseconds Backoff::next()
{
    Milliseconds step = m_first;
    for (int i = 0; i < m_failures && step < m_longest; ++i)
        step *= 2;
    step = std::min(step, m_longest);
    ++m_failures;
    const double share = 0.5 + m_chance() / 2;
    return Milliseconds(static_cast<Milliseconds::rep>(static_cast<double>(step.count()) * share));
}

} // namespace cloudnode
