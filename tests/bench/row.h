#pragma once

#include "bench/samples.h"

#include <QList>
#include <QString>

#include <optional>

namespace cloudnode::bench {

/// What a row promises of one of its numbers.
struct Goal {
    enum class Of { Ratio, P99Ratio, Median, P99, Max };
    enum class Bound { AtMost, AtLeast };
    Of of = Of::Ratio;
    double limit = 0;
    Bound bound = Bound::AtMost;
};

/// One line of the table: something measured, beside the least it could have been on this machine just now.
struct Row {
    QString key;  ///< names it in JSON and in the reference, for good
    QString what; ///< in words
    QString unit;
    Summary measured;
    QString floorWhat; ///< what the floor is; empty if there is none
    std::optional<Summary> floor;
    QList<Goal> goals;
    QString note;

    std::optional<double> ratio() const;    ///< median to median; none without a floor
    std::optional<double> p99Ratio() const; ///< p99 to the floor's median
    /// The best tenth of either side to each other. What else a machine does only ever makes things slower,
    /// so this changes with the programs and little with the machine's other work.
    std::optional<double> undisturbedRatio() const;
    std::optional<double> valueOf(Goal::Of of) const;
    bool meets(const Goal &goal) const;
    /// More is better: it is a rate.
    bool isRate() const;

    QJsonObject toJson() const;
    static Row fromJson(const QJsonObject &json);
};

} // namespace cloudnode::bench
