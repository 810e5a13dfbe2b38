#pragma once

#include "ui/logview/logfeed.h"
#include "ui/logview/logselection.h"

#include <QObject>

namespace cloudnode {

/// Brings a part of a log to the clipboard, as plain text. Most of it may be far from the screen: the feed
/// fetches it.
class LogCopier : public QObject {
    Q_OBJECT

public:
    explicit LogCopier(LogFeed &feed);

    void copy(const LogSelection &selection); ///< copied() follows, unless there is nothing in it

signals:
    void copied(qsizetype lines, bool whole); ///< not whole: it was more than anybody pastes

private:
    void takeExtract(const QList<LogLine> &lines, bool whole);

    LogFeed &m_feed;
    LogSelection m_selection; ///< what is being fetched, whatever is marked meanwhile
};

} // namespace cloudnode
