#pragma once

#include "sandbox/controlplane.h"
#include "sandbox/faults.h"
#include "sandbox/tlsfiles.h"

#include <QStringList>

namespace cloudnode::sandbox {

/// What the command line of cloudnode-sandbox says.
struct SandboxOptions {
    quint16 port = 0;     ///< of the REST API; 0: a free one
    quint16 mqttPort = 0; ///< of the broker; 0: a free one
    QString token = QStringLiteral("sandbox-token");
    QList<Fault> faults;
    bool legacyPaths = false; ///< log, terminated and failed have the older common paths only
    ControlPlane controlPlane = ControlPlane::Rest;
    bool anyWorkload = false; ///< a workload that nobody has made is made when a node first speaks of it
    bool broker = true;
    quint16 otherBroker = 0; ///< a port on loopback: answer there, start none; 0: none
    TlsFiles tls;
    QString storeFolder; ///< where result files are kept; empty: they are only counted and hashed
    QString journalPath; ///< empty: none
    bool human = false;  ///< sentences instead of JSON lines, even if nobody is at the terminal
    bool untilEof = false;
    bool helpWanted = false;
    bool versionWanted = false;

    /// `arguments` start with the program's name. Errors: which option is wrong and how to write it.
    static Result<SandboxOptions> parse(const QStringList &arguments);
    static QString help();
};

} // namespace cloudnode::sandbox
