#pragma once

#include <QByteArray>
#include <QJsonObject>
#include <QString>

#include <optional>

namespace cloudnode::faults {

/// One workload of the suite. Everything about it is in its request id, so that the shell script that does it
/// and the judge that waits for its result need to agree on nothing else.
struct Job {
    enum class Kind {
        Plain,   ///< prints lines to both streams and exits
        Unended, ///< the same without line breaks
        Binary,  ///< prints bytes that are no text as well
        Daemon,  ///< leaves a process in a session of its own behind
        Closed,  ///< closes its output, and goes on for a while
        Suicide, ///< ends itself by SIGKILL
        Group,   ///< ends its whole process group so
        Long,    ///< waits to be cancelled
        Deaf,    ///< the same, and ignores SIGTERM
        Flood,   ///< prints much more than a response takes
    };

    Kind kind = Kind::Plain;
    int exitCode = 0; ///< where it gets so far
    int lines = 1;    ///< to each stream
    int pause = 0;    ///< hundredths of a second after each line
    int serial = 0;   ///< tells it from all others

    QString requestId() const;
    static std::optional<Job> fromRequestId(const QString &requestId);

    bool isForCancelling() const { return kind == Kind::Long || kind == Kind::Deaf; }
    /// What it prints to one of its streams, as UTF-8 like the log has it: '#' marks the standard output, '!'
    /// the standard error. Of a flood only the end, which is more than a response holds.
    QByteArray output(char mark) const;
    /// Why a final response is not the true one; empty if it is. `cancelled`: we have asked for its end.
    QString contradiction(const QJsonObject &response, bool cancelled) const;

    /// The bash script that does any job, and notes in the file `ledger` beside it that it has begun.
    static QByteArray script();
    /// The command template that runs it.
    static QString commandTemplate();
};

} // namespace cloudnode::faults
