#pragma once

#include "platform/descriptor.h"

#include <optional>
#include <string>
#include <vector>

namespace cloudnode {

/// What the node asks of the cloudnode-runner that waits for such orders. One order is one message of a local
/// SOCK_SEQPACKET socket, so it arrives whole or not at all.
struct LaunchOrder {
    std::vector<std::string> arguments;   ///< of `cloudnode-runner`, from "start" on
    std::vector<std::string> environment; ///< NAME=value, each besides what the runner has itself
    Descriptor folder;                    ///< the workload's, which may be renamed at any time
    /// Gets the supervisor's words; its end without one: none was left. Not open in an order that comes
    /// through the report of an earlier one, and then goes on with that.
    Descriptor report;
};

/// What a supervisor says through its report: one message each, of this and perhaps a reason behind it.
namespace reportword {

inline constexpr char started = 'S';    ///< the workload has exec'ed
inline constexpr char notStarted = 'N'; ///< it could not be, which is on record
inline constexpr char failed = 'E';     ///< and why; it is not on record
inline constexpr char isFree = 'F';     ///< its end is on record, and the next order may come

} // namespace reportword

/// Two ends of one local connection, which a started program does not inherit.
struct SocketPair {
    Descriptor ours;
    Descriptor theirs;
};
std::optional<SocketPair> messageSockets(); ///< none if the system has no such sockets, or none left

/// Of a process that is about to start a program.
void becomeStandardInput(int socket);

/// For an order. Not open if there is no such folder.
Descriptor openFolder(const std::string &path);

/// Never waits. False if it cannot be taken now, or is longer than a message may be.
bool sendOrder(int socket, const LaunchOrder &order);

/// Waits for the next one. None: nobody is left who could send one.
std::optional<LaunchOrder> receiveOrder(int socket);

/// Lets what was ordered begin. Never waits; whether anybody is there to do so is heard afterwards.
void giveConsent(int report);

/// The next message of a report, empty at its end; none if nothing has come yet. Never waits.
std::optional<std::string> hear(int report);

} // namespace cloudnode
