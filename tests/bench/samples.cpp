#include "bench/samples.h"

#include <algorithm>
#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::bench {

namespace {

/// The smallest value that `share` of them do not exceed.
double quantile(const std::vector<double> &sorted, double share)
{
    const double rank = std::ceil(share * static_cast<double>(sorted.size()));
    return sorted[static_cast<std::size_t>(std::max(rank, 1.0)) - 1];
}

} // namespace

QJsonObject Summary::toJson() const
{
    return {{u"median"_s, median}, {u"p99"_s, p99}, {u"max"_s, max}, {u"n"_s, n}};
}

Summary Summary::fromJson(const QJsonObject &json)
{
    return {json[u"median"_s].toDouble(), json[u"p99"_s].toDouble(), json[u"max"_s].toDouble(),
            static_cast<qsizetype>(json[u"n"_s].toInteger())};
}

Summary Samples::summary() const
{
    if (m_values.empty())
        return {};
    std::vector<double> sorted = m_values;
    std::sort(sorted.begin(), sorted.end());
    return {quantile(sorted, 0.5), quantile(sorted, 0.99), sorted.back(),
            static_cast<qsizetype>(sorted.size())};
}

} // namespace cloudnode::bench
