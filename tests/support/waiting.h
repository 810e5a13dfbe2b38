#pragma once

#include <QTest>

namespace cloudnode {

/// Milliseconds for what must happen, however busy the machine is. No test takes so long unless it fails.
inline constexpr int patience = 60'000;

} // namespace cloudnode

/// Fails the test if `condition` does not come true while the event loop runs.
#define WAIT_FOR(condition) QTRY_VERIFY_WITH_TIMEOUT(condition, cloudnode::patience)
