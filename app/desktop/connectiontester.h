#pragma once

#include "config/nodeconfig.h"
#include "control/desktop.h"
#include "doctor/finding.h"

#include <QObject>

#include <functional>

namespace cloudnode {

/// Tries backend and broker once, as doctor does, and is gone after its one answer.
class ConnectionTester : public QObject {
    Q_OBJECT

public:
    using Done = std::function<void(const ConnectionTest &)>;

    /// `done` is not called any more once `context` is gone.
    static void run(const NodeConfig &config, QObject *context, Done done);

private:
    ConnectionTester(QObject *context, Done done);

    void start(const NodeConfig &config);
    void take(std::optional<Error> ConnectionTest::*side, const QList<Finding> &findings);

    ConnectionTest m_test;
    int m_missing = 2;
    Done m_done;
};

} // namespace cloudnode
