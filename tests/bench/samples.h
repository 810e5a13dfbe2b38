#pragma once

#include <QJsonObject>

#include <vector>

namespace cloudnode::bench {

/// What a measurement came to. Its unit is its row's.
struct Summary {
    double median = 0;
    double p99 = 0;  ///< of few values: the largest
    double low = 0;  ///< a tenth of the values do not exceed it
    double high = 0; ///< a tenth of the values are not less
    double max = 0;
    qsizetype n = 0;

    QJsonObject toJson() const;
    static Summary fromJson(const QJsonObject &json);
};

/// Values of one thing measured again and again.
class Samples {
public:
    void add(double value) { m_values.push_back(value); }
    /// All zero if nothing was measured.
    Summary summary() const;

    static Summary single(double value) { return {value, value, value, value, value, 1}; }

private:
    std::vector<double> m_values;
};

} // namespace cloudnode::bench
