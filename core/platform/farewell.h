#pragma once

#include <QObject>
#include <QSocketNotifier>

namespace cloudnode {

/// Keeps a line open, after our goodbye has been sent on it, until the other side hangs up as well; deletes
/// itself then, or after a few seconds.
///
/// Closing it at once would reset the line if an answer is still on its way to us. The other side would then
/// find the line broken before it has read the goodbye, and an MQTT broker publish the will. With the line
/// duplicated before, it does not matter that a client closes its socket behind its goodbye.
class Farewell final : public QObject {
    Q_OBJECT

public:
    /// Takes over the file descriptor `line`.
    explicit Farewell(int line);
    ~Farewell() override;

private:
    void discard();

    int m_line;
    QSocketNotifier m_readable;
};

} // namespace cloudnode
