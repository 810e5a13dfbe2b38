#pragma once

#include <QDateTime>
#include <QHash>
#include <QStringList>

#include <chrono>
#include <optional>
#include <set>

namespace cloudnode {

/// How much of what is over is kept; what goes beyond any of the three is removed, the oldest first.
/// 0: no limit of that kind.
struct RetentionLimits {
    int count = 1000;
    std::chrono::seconds age{0}; ///< since it ended
    qint64 bytes = 0;            ///< on disk, logs included
};

/// A workload that is over and done with.
struct FinishedWorkload {
    QString key;
    QDateTime endedAt; ///< UTC
    qint64 bytes = 0;  ///< on disk, logs included
};

/// Which finished workloads there are, and which of them has to go next. Pure: it touches no file.
class RetentionLedger {
public:
    /// Replaces what it knows of that key.
    void add(const FinishedWorkload &finished);
    void remove(const QString &key);

    /// The one that has to go, the oldest of them all, if the limits ask for it.
    std::optional<FinishedWorkload> surplus(const RetentionLimits &limits, const QDateTime &now) const;
    /// The latest first.
    QStringList latest(qsizetype most) const;

private:
    using Place = std::pair<qint64, QString>; // milliseconds since the epoch, key

    QHash<QString, FinishedWorkload> m_byKey;
    std::set<Place> m_byEnd;
    qint64 m_bytes = 0;
};

} // namespace cloudnode
