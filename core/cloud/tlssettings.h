#pragma once

#include "base/error.h"
#include "config/nodeconfig.h"

#include <QSslConfiguration>

namespace cloudnode {

/// Whom one way out of the machine trusts, and as whom it comes. That the other side's certificate is good
/// and made out for the host we asked for is always verified: there is no setting against it.
struct TlsSettings {
    QString keys;           ///< what its settings begin with in cyberwave.yml, for messages: "mqtt_tls"
    QString caCertificates; ///< path of a PEM bundle; empty: the system's certificates
    QString certificate;    ///< path of a PEM file: our own, then who signed it; empty: we present none
    QString privateKey;     ///< path of the PEM file of its key, without a passphrase

    static TlsSettings ofBroker(const NodeConfig &config);
    static TlsSettings ofBackend(const NodeConfig &config);

    bool namesFiles() const;
    /// Reads the files. Errors: which of them is of no use, why, and which setting names it.
    Result<QSslConfiguration> configuration() const;
    /// What to do about a connection that has failed with these words of the TLS library; empty if they say
    /// nothing that is known here.
    QString remedyFor(const QString &problem) const;
};

} // namespace cloudnode
