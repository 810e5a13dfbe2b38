#pragma once

#include "base/error.h"

#include <QObject>

namespace cloudnode {

/// The owner's wish that no new workloads are taken. It lasts until it is taken back: a file stands for it.
class Pause : public QObject {
    Q_OBJECT

public:
    /// `path`: the file. Paused from the start if it is there.
    explicit Pause(QString path, QObject *parent = nullptr);

    bool isActive() const { return m_active; }
    /// Neither is an error if it is so already. Errors: the file cannot be written or removed; nothing has
    /// changed then.
    Result<void> begin();
    Result<void> end();

signals:
    void changed(bool active);

private:
    void become(bool active);

    QString m_path;
    bool m_active;
};

} // namespace cloudnode
