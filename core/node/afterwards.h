#pragma once

#include <QObject>
#include <QTimer>

#include <deque>
#include <functional>

namespace cloudnode {

/// Does things in the order they were handed over, but not before the event loop comes round: what somebody
/// waits for goes first. What is still there at the end is done then.
class Afterwards final : public QObject {
    Q_OBJECT

public:
    Afterwards();
    ~Afterwards() override;

    void add(std::function<void()> deed);

private:
    void doAll();

    std::deque<std::function<void()>> m_deeds;
    QTimer m_timer;
};

} // namespace cloudnode
