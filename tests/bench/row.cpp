#include "bench/row.h"

#include <QJsonArray>

#include <algorithm>
#include <array>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::bench {

namespace {

constexpr std::array<QLatin1StringView, 5> ofNames = {"ratio"_L1, "p99_ratio"_L1, "median"_L1, "p99"_L1,
                                                      "max"_L1};

QJsonObject goalToJson(const Row &row, const Goal &goal)
{
    return {{u"of"_s, ofNames[static_cast<std::size_t>(goal.of)]},
            {goal.bound == Goal::Bound::AtMost ? u"at_most"_s : u"at_least"_s, goal.limit},
            {u"met"_s, row.meets(goal)}};
}

Goal goalFromJson(const QJsonObject &json)
{
    const auto *const name = std::find(ofNames.begin(), ofNames.end(), json[u"of"_s].toString());
    const bool atLeast = json.contains(u"at_least"_s);
    return {static_cast<Goal::Of>(name - ofNames.begin()),
            json[atLeast ? u"at_least"_s : u"at_most"_s].toDouble(),
            atLeast ? Goal::Bound::AtLeast : Goal::Bound::AtMost};
}

QJsonValue orNull(std::optional<double> value)
{
    return value ? QJsonValue(*value) : QJsonValue(QJsonValue::Null);
}

} // namespace

std::optional<double> Row::ratio() const
{
    return floor && floor->median > 0 ? std::optional(measured.median / floor->median) : std::nullopt;
}

std::optional<double> Row::p99Ratio() const
{
    return floor && floor->median > 0 ? std::optional(measured.p99 / floor->median) : std::nullopt;
}

std::optional<double> Row::undisturbedRatio() const
{
    const auto best = isRate() ? &Summary::high : &Summary::low;
    return floor && (*floor).*best > 0 ? std::optional(measured.*best / (*floor).*best) : std::nullopt;
}

std::optional<double> Row::valueOf(Goal::Of of) const
{
    switch (of) {
    case Goal::Of::Ratio:
        return ratio();
    case Goal::Of::P99Ratio:
        return p99Ratio();
    case Goal::Of::Median:
        return measured.median;
    case Goal::Of::P99:
        return measured.p99;
    case Goal::Of::Max:
        return measured.max;
    }
    Q_UNREACHABLE();
}

bool Row::meets(const Goal &goal) const
{
    const auto value = valueOf(goal.of);
    return value && (goal.bound == Goal::Bound::AtMost ? *value <= goal.limit : *value >= goal.limit);
}

bool Row::isRate() const
{
    return std::any_of(goals.cbegin(), goals.cend(),
                       [](const Goal &goal) { return goal.bound == Goal::Bound::AtLeast; });
}

QJsonObject Row::toJson() const
{
    QJsonArray goalList;
    for (const Goal &goal : goals)
        goalList.append(goalToJson(*this, goal));
    return {{u"key"_s, key},
            {u"what"_s, what},
            {u"unit"_s, unit},
            {u"measured"_s, measured.toJson()},
            {u"floor_what"_s, floorWhat},
            {u"floor"_s, floor ? QJsonValue(floor->toJson()) : QJsonValue(QJsonValue::Null)},
            {u"ratio"_s, orNull(ratio())},
            {u"p99_ratio"_s, orNull(p99Ratio())},
            {u"goals"_s, goalList},
            {u"note"_s, note}};
}

Row Row::fromJson(const QJsonObject &json)
{
    Row row{.key = json[u"key"_s].toString(),
            .what = json[u"what"_s].toString(),
            .unit = json[u"unit"_s].toString(),
            .measured = Summary::fromJson(json[u"measured"_s].toObject()),
            .floorWhat = json[u"floor_what"_s].toString(),
            .floor = {},
            .goals = {},
            .note = json[u"note"_s].toString()};
    if (json[u"floor"_s].isObject())
        row.floor = Summary::fromJson(json[u"floor"_s].toObject());
    for (const QJsonValue &goal : json[u"goals"_s].toArray())
        row.goals << goalFromJson(goal.toObject());
    return row;
}

} // namespace cloudnode::bench
