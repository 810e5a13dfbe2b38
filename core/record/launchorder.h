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
    Descriptor report; ///< gets the supervisor's word; its end without a word: none was left
};

/// Two ends of one local connection, which a started program does not inherit.
struct SocketPair {
    Descriptor ours;
    Descriptor theirs;
};
std::optional<SocketPair> orderSockets();  ///< none if the system has no such sockets, or none left
std::optional<SocketPair> reportSockets(); ///< the same

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

/// What has come through a report since the last call, empty at its end; none if nothing has come yet. Never
/// waits.
std::optional<std::string> hear(int report);

} // namespace cloudnode
