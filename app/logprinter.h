#pragma once

#include "workload/logtail.h"

#include <QObject>
#include <QTimer>

namespace cloudnode {

/// Copies a growing file to standard output, piece by piece.
class LogPrinter : public QObject {
    Q_OBJECT

public:
    explicit LogPrinter(const QString &path);

    void start();
    /// Nothing will be added to the file any more: print the rest, then finished().
    void finish() { m_final = true; }

signals:
    void finished();
    void failed(const cloudnode::Error &error);

private:
    void print();

    LogTail m_log;
    QTimer m_next;
    qint64 m_offset = 0;
    bool m_final = false;
};

} // namespace cloudnode
