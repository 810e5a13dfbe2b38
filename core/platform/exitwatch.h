#pragma once

#include "platform/processidentity.h"

#include <QObject>

#include <memory>

namespace cloudnode {

/// Tells when one process has ended. It only watches: it signals nothing and reaps nothing.
class ExitWatch : public QObject {
    Q_OBJECT

public:
    /// The best way this system has: a pidfd where there is one, looking again and again elsewhere.
    static std::unique_ptr<ExitWatch> open(const ProcessIdentity &process);

signals:
    void ended(); ///< once, from the event loop, even if the process was gone before open()

protected:
    using QObject::QObject;
};

} // namespace cloudnode
