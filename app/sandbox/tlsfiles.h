#pragma once

#include <QString>

namespace cloudnode::sandbox {

/// How the sandbox speaks TLS, at both of its doors. Paths of PEM files.
struct TlsFiles {
    QString certificate; ///< empty: no TLS
    QString key;
    QString clientCa; ///< given: only who shows a certificate that this authority has signed is let in

    bool inUse() const { return !certificate.isEmpty(); }
};

} // namespace cloudnode::sandbox
