#pragma once

#include "base/error.h"

#include <QObject>
#include <QThreadPool>

#include <atomic>

namespace cloudnode {

/// Removes folders with all they hold, one after the other, on a thread of its own: a log of many gigabytes
/// keeps a file system busy for seconds. What is left when this object goes is left on the disk.
class Scrapyard : public QObject {
    Q_OBJECT

public:
    explicit Scrapyard(QObject *parent = nullptr);
    ~Scrapyard() override; ///< waits for the folder under work, not for the others

    void remove(const QString &folder);

signals:
    void warning(const cloudnode::Error &problem); ///< a folder cannot be removed

private:
    QThreadPool m_thread;
    std::atomic<bool> m_stopping = false;
};

} // namespace cloudnode
