#pragma once

#include "bench/waiting.h"

#include <QSocketNotifier>
#include <QString>
#include <QTemporaryDir>

#include <optional>

namespace cloudnode::bench {

/// A place where a shell command shows that it has got there: a named pipe.
class Signpost {
public:
    Signpost();
    ~Signpost();
    Q_DISABLE_COPY_MOVE(Signpost)

    /// The shell command that does it, with nothing but what is built into a shell.
    QString command() const;
    /// When it was passed since the last call, once it is; runs the event loop until then. None: never.
    std::optional<Clock::time_point> waitUntilPassed();

private:
    void take();

    QTemporaryDir m_folder;
    int m_pipe;                              // needs m_folder
    std::unique_ptr<QSocketNotifier> m_news; // needs m_pipe
    std::optional<Clock::time_point> m_passed;
};

} // namespace cloudnode::bench
