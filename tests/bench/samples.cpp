#include "bench/samples.h"

#include <algorithm>
#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::bench {

namespace {

/// How many of them are that share, at least one.
std::size_t countOf(double share, const std::vector<double> &values)
{
    return static_cast<std::size_t>(std::max(std::ceil(share * static_cast<double>(values.size())), 1.0));
}

/// The smallest value that `share` of them do not exceed.
double quantile(const std::vector<double> &sorted, double share)
{
    return sorted[countOf(share, sorted) - 1];
}

} // namespace

QJsonObject Summary::toJson() const
{
    return {{u"median"_s, median}, {u"p99"_s, p99}, {u"low"_s, low},
            {u"high"_s, high},     {u"max"_s, max}, {u"n"_s, n}};
}

Summary Summary::fromJson(const QJsonObject &json)
{
    return {.median = json[u"median"_s].toDouble(),
            .p99 = json[u"p99"_s].toDouble(),
            .low = json[u"low"_s].toDouble(),
            .high = json[u"high"_s].toDouble(),
            .max = json[u"max"_s].toDouble(),
            .n = static_cast<qsizetype>(json[u"n"_s].toInteger())};
}

Summary Samples::summary() const
{
    if (m_values.empty())
        return {};
    std::vector<double> sorted = m_values;
    std::sort(sorted.begin(), sorted.end());
    return {.median = quantile(sorted, 0.5),
            .p99 = quantile(sorted, 0.99),
            .low = quantile(sorted, 0.1),
            .high = sorted[sorted.size() - countOf(0.1, sorted)],
            .max = sorted.back(),
            .n = static_cast<qsizetype>(sorted.size())};
}

} // namespace cloudnode::bench
