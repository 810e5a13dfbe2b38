#pragma once

#include "cloud/tlssettings.h"
#include "wire/instance.h"

#include <QByteArray>
#include <QStringList>

#include <chrono>

namespace cloudnode {

/// Where the broker is and as whom to speak to it.
struct LinkSettings {
    QString host;
    quint16 port = 1883;
    bool useTls = false;
    TlsSettings tls;  ///< counts with useTls
    QString username; ///< sent only together with a password, and the password only with it
    QString password;
    QString clientId; ///< stable, so that the broker keeps one session for this node
    /// Subscribed with QoS 1 after every connect. The first must be granted; a refusal of a later one is a
    /// warning (brokers may allow the instance's topic only).
    QStringList commandTopics;
    QString willTopic; ///< empty: no will
    QByteArray willPayload;
    std::chrono::seconds willDelay{30};
    std::chrono::seconds keepAlive{60};
    std::chrono::seconds sessionExpiry{3600}; ///< how long the broker keeps commands for us

    /// Those of a node that is that instance and takes its commands. Source of user name and password: WIRE
    /// contract, "Transport".
    static LinkSettings of(const NodeConfig &config, const Instance &instance);
    /// Those of a node that has no instance yet and is about to ask for one: nothing but the way in. Each
    /// call makes another client id.
    static LinkSettings ofStranger(const NodeConfig &config);
};

} // namespace cloudnode
