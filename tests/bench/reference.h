#pragma once

#include "base/error.h"
#include "bench/row.h"

namespace cloudnode::bench {

/// The ratios a version of this repository had undisturbed, by the rows' keys. Ratios, because machines
/// differ; undisturbed, because they are noisy.
class Reference {
public:
    /// How much worse a ratio may be before it is no noise.
    static constexpr double tolerance = 3;

    /// Errors: the file cannot be read, or is no JSON object of numbers.
    static Result<Reference> load(const QString &path);
    /// Of rows the file knows already; of all where there is no such file. So it can hold a choice.
    static Result<void> save(const QList<Row> &rows, const QString &path);

    /// A sentence for each row that is worse by more than the tolerance.
    QStringList regressions(const QList<Row> &rows) const;

private:
    QHash<QString, double> m_ratios;
};

} // namespace cloudnode::bench
