#pragma once

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
    bool broker = true;
    TlsFiles tls;
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
