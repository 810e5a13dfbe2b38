#pragma once

#include "base/error.h"

#include <QSslConfiguration>

namespace cloudnode::sandbox {

/// How the sandbox speaks TLS, at all of its doors. Paths of PEM files.
struct TlsFiles {
    QString certificate; ///< empty: no TLS
    QString key;
    QString clientCa; ///< given: only who shows a certificate that this authority has signed is let in

    bool inUse() const { return !certificate.isEmpty(); }
    /// What they hold. Errors: which of them cannot be used.
    Result<QSslConfiguration> configuration() const;
};

} // namespace cloudnode::sandbox
