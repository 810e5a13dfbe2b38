#pragma once

#include "connectsettings.h"
#include "mosquittohandle.h"
#include "propertylist.h"

#include <functional>

namespace cloudnode::qtmqtt {

/// What came of an attempt to reach the broker's TCP port.
struct Reached {
    MosquittoHandle client; ///< with a socket if `result` is MOSQ_ERR_SUCCESS
    int result = 0;         ///< of mosquitto_connect
    QString problem;        ///< in words, unless it succeeded
};

/// Looks up the broker's name and connects to it, in a thread of its own since libmosquitto waits for both.
///
/// Destroying it abandons the attempt without waiting: the thread then ends by itself when the system gives
/// up (mostly within two minutes) and cleans up what it has.
class ConnectAttempt final {
public:
    /// `done` runs once, from the event loop of the calling thread, unless the attempt is abandoned.
    ConnectAttempt(MosquittoHandle client, const ConnectSettings &settings,
                   std::function<void(Reached)> done);
    ~ConnectAttempt();
    Q_DISABLE_COPY_MOVE(ConnectAttempt)

private:
    struct Shared;
    QObject m_home; ///< where the thread posts to
    std::function<void(Reached)> m_done;
    std::shared_ptr<Shared> m_shared;
};

} // namespace cloudnode::qtmqtt
