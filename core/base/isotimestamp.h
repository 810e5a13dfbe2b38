#pragma once

#include <chrono>
#include <string>

namespace cloudnode {

/// A time as the wire, the records and the log say it: "2026-02-04T21:00:59.018Z", UTC. Of the
/// years 0 to 9999.
std::string isoTimestamp(std::chrono::sys_time<std::chrono::milliseconds> time);

} // namespace cloudnode
