#pragma once

#include <QList>
#include <QString>

namespace cloudnode::faults {

/// What a process takes from its computer at one moment.
struct Vitals {
    double seconds = 0; ///< since the beginning of the observation
    qint64 rssKiB = 0;
    qint64 pssKiB = 0;
    qint64 descriptors = 0;
    qint64 threads = 0;
    qint64 diskKiB = 0; ///< all files below its state directory

    static Vitals of(qint64 pid, const QString &stateDir, double seconds);
};

/// A table of how the vitals went: first, middle and last, and how steeply they rose in the second half, when
/// what has a limit should have reached it.
QString summaryOf(const QList<Vitals> &samples);

/// By how much a value rises an hour, by least squares. Fewer than two samples: 0.
double slopePerHour(const QList<Vitals> &samples, qint64 Vitals::*value);

} // namespace cloudnode::faults
