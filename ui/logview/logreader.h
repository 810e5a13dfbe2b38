#pragma once

#include "ui/logview/logdocument.h"

#include <QObject>
#include <QTimer>

#include <memory>

namespace cloudnode {

/// Reads log files for a view. Lives in a thread of its own, so that a slow disk never stops the window;
/// speaks to it by signals only. See LogFeed for the meaning of its calls.
class LogReader : public QObject {
    Q_OBJECT

public:
    explicit LogReader(QObject *parent = nullptr);

    void open(const cloudnode::LogPaths &paths, cloudnode::LogStreams streams);
    void watch(bool on);
    void load(int serial, qint64 anchor, int before, int after);
    void find(int serial, const QString &text, qint64 from, bool forward);
    void cancelFind();
    void extract(int serial, qint64 begin, qint64 end);

signals:
    void grown(qint64 size);
    void replaced();
    void loaded(const cloudnode::LogWindow &window);
    void found(int serial, qint64 line); ///< -1: nowhere
    void searching(int serial, int percent);
    void extracted(int serial, const QList<cloudnode::LogLine> &lines, bool whole);

private:
    struct Search {
        int serial = 0;
        QString text;
        qint64 at = 0;
        bool forward = true;
        qint64 left = 0; ///< bytes until it has been everywhere
        qint64 all = 0;
    };

    void look();
    void searchOn();
    bool searchForward();
    bool searchBackward();
    bool matches(const LogLine &line) const;

    LogPaths m_paths;
    LogStreams m_streams = LogStreams::Both;
    std::unique_ptr<LogDocument> m_document;
    QTimer m_look;
    QTimer m_searchOn; ///< goes on with m_search between other requests
    Search m_search;
};

} // namespace cloudnode
