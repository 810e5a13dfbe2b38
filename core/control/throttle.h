#pragma once

#include <QObject>
#include <QTimer>

namespace cloudnode {

/// Turns many requests into few: due() follows every request(), at once after a quiet time, but never sooner
/// than `interval` after the one before.
class Throttle : public QObject {
    Q_OBJECT

public:
    explicit Throttle(std::chrono::milliseconds interval, QObject *parent = nullptr);

    void request();

signals:
    void due(); ///< from the event loop, so that requests made in one go count as one

private:
    void expire();

    std::chrono::milliseconds m_interval;
    QTimer m_timer; ///< runs: due() was emitted less than an interval ago, or is about to be
    bool m_wanted = false;
};

} // namespace cloudnode
