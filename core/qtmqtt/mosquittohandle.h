#pragma once

#include <mosquitto.h>

#include <memory>

namespace cloudnode::qtmqtt {

struct MosquittoDeleter {
    void operator()(mosquitto *client) const { mosquitto_destroy(client); }
};

/// One libmosquitto client, its socket and all its packets.
using MosquittoHandle = std::unique_ptr<mosquitto, MosquittoDeleter>;

} // namespace cloudnode::qtmqtt
