#pragma once

#include <QList>
#include <QMetaType>
#include <QString>

namespace cloudnode {

enum class LogStreams { Both, Stdout, Stderr };

/// The two files of one workload.
struct LogPaths {
    QString out;
    QString err;

    bool operator==(const LogPaths &other) const = default;
};

/// One line of a log document, at most a few KiB of what may be a longer one.
struct LogLine {
    qint64 begin = 0;     ///< in the document's bytes
    qint64 end = 0;       ///< where the next one begins
    bool isError = false; ///< came from stderr
    QString text;         ///< as it was printed, escape sequences included, without its line break
};

/// Neighbouring lines, and where in the document they are.
struct LogWindow {
    int serial = 0;    ///< of the document it was asked of
    bool jump = false; ///< the request was to show its anchor, not to have more around the same place
    QList<LogLine> lines;
    qint64 documentSize = 0;
    qint64 anchor = 0; ///< begin of the line that was asked for; documentSize if that was the end
};

} // namespace cloudnode

Q_DECLARE_METATYPE(cloudnode::LogWindow)
Q_DECLARE_METATYPE(cloudnode::LogPaths)
