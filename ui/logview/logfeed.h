#pragma once

#include "ui/logview/logline.h"

#include <QObject>
#include <QThread>

#include <optional>

namespace cloudnode {

class LogReader;

/// A view's line to its LogReader: every call returns at once and is answered by a signal. A search or copy
/// that has been overtaken by another is dropped; of windows only one is asked for at a time, so that a slow
/// disk still answers some, and of those that wait only the latest counts.
class LogFeed : public QObject {
    Q_OBJECT

public:
    explicit LogFeed(QObject *parent = nullptr);
    ~LogFeed() override; ///< ends the thread when it has done what it is at: milliseconds

    void open(const LogPaths &paths, LogStreams streams); ///< grown() follows
    void watch(bool on);                                  ///< looks for growth ten times a second
    /// `before` and `after` lines around the line that holds `anchor`. `jump` comes back with the window.
    void load(qint64 anchor, int before, int after, bool jump);
    /// The next line that contains `text`, from the line at `from` on, all the way round.
    void find(const QString &text, qint64 from, bool forward);
    void cancelFind();
    void extract(qint64 begin, qint64 end); ///< at most 8 MiB of lines

signals:
    void grown(qint64 size);
    void replaced(); ///< the file was written anew
    void loaded(const cloudnode::LogWindow &window);
    void found(qint64 line); ///< where it begins; -1: nowhere
    void searching(int percent);
    void extracted(const QList<cloudnode::LogLine> &lines, bool whole);

private:
    struct Request {
        qint64 anchor = 0;
        int before = 0;
        int after = 0;
        bool jump = false;
    };

    void connectReader();
    void send(const Request &request);
    void takeWindow(LogWindow window);

    QThread m_thread;
    LogReader *m_reader;              ///< lives in m_thread
    int m_document = 0;               ///< which one is open
    std::optional<Request> m_current; ///< on its way
    std::optional<Request> m_next;
    int m_findSerial = 0;
    int m_extractSerial = 0;
};

} // namespace cloudnode
