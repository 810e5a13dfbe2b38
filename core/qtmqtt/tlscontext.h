#pragma once

#include "base/error.h"

#include <QSslConfiguration>

#include <openssl/ssl.h>

#include <memory>

namespace cloudnode::qtmqtt {

struct TlsContextDeleter {
    void operator()(SSL_CTX *context) const { SSL_CTX_free(context); }
};
using TlsContext = std::unique_ptr<SSL_CTX, TlsContextDeleter>;

/// What `configuration` says, in OpenSSL's terms, for connections to `host` only.
/// Errors: a certificate or key that OpenSSL does not take.
Result<TlsContext> makeTlsContext(const QSslConfiguration &configuration, const QString &host);

} // namespace cloudnode::qtmqtt
