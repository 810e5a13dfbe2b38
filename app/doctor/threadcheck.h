#pragma once

#include "doctor/check.h"

#include <QFutureWatcher>

#include <functional>

namespace cloudnode {

/// A look that the system may keep waiting (a file system that has gone away, a frozen X server) takes place
/// in a thread of its own, which is left behind if it is late.
class ThreadCheck final : public Check {
public:
    /// `find` may run on after this object is gone.
    ThreadCheck(QString subject, std::function<Finding()> find);

protected:
    void look() override;

private:
    std::function<Finding()> m_find;
    QFutureWatcher<Finding> m_watcher;
};

} // namespace cloudnode
