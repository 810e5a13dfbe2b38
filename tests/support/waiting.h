#pragma once

#include <QTest>

namespace cloudnode {

/// Milliseconds for what must happen, however busy the machine is. No test takes so long unless it fails.
inline constexpr int patience = 60'000;

} // namespace cloudnode

/// Fail the test if it does not come true while the event loop runs.
#define WAIT_FOR(condition) QTRY_VERIFY_WITH_TIMEOUT(condition, cloudnode::patience)
#define WAIT_FOR_EQUAL(actual, expected) QTRY_COMPARE_WITH_TIMEOUT(actual, expected, cloudnode::patience)
