#include "libraryerror.h"

#include "base/error.h"
#include "platform/rawsocket.h"

#include <openssl/ssl.h>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::qtmqtt::libraryerror {

QString inWords(int result, int errnoValue)
{
    if (result == MOSQ_ERR_EAI) // errno then holds what getaddrinfo returned
        return rawsocket::lookupError(errnoValue);
    if (result == MOSQ_ERR_ERRNO && errnoValue != 0)
        return systemError(errnoValue);
    if (result == MOSQ_ERR_ERRNO || result == MOSQ_ERR_CONN_LOST)
        return u"the connection was lost"_s;
    QString text = QString::fromUtf8(mosquitto_strerror(result));
    if (text.endsWith(u'.'))
        text.chop(1);
    return text;
}

QString logged(mosquitto *client, const char *text)
{
    const auto *ssl = static_cast<const SSL *>(mosquitto_ssl_get(client));
    const long verdict = ssl ? SSL_get_verify_result(ssl) : X509_V_OK;
    if (verdict != X509_V_OK)
        return u"the certificate is not accepted: "_s +
               QString::fromUtf8(X509_verify_cert_error_string(verdict));
    const QString words = QString::fromUtf8(text);
    // "OpenSSL Error[0]: error:0A00045C:SSL routines::tlsv13 alert certificate required": the end is for
    // people.
    if (words.startsWith("OpenSSL Error"_L1))
        return u"TLS: "_s + words.sliced(words.lastIndexOf(u':') + 1);
    return words;
}

} // namespace cloudnode::qtmqtt::libraryerror
