#pragma once

#include <QObject>
#include <QSocketNotifier>

#include <array>

namespace cloudnode {

/// Turns SIGTERM and SIGINT into a Qt signal. One of these in a program, made before anything else listens;
/// when it is destroyed, the two signals end the program again.
class StopSignals final : public QObject {
    Q_OBJECT

public:
    explicit StopSignals(QObject *parent = nullptr);
    ~StopSignals() override;

signals:
    void requested(int signalNumber); ///< each time, from the event loop

private:
    void readSignals();

    std::array<int, 2> m_pipe;
    QSocketNotifier m_notifier; // needs m_pipe
};

} // namespace cloudnode
