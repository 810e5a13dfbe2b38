#include "tlscontext.h"

#include <QHostAddress>
#include <QSslCertificate>
#include <QSslKey>

#include <openssl/pem.h>
#include <openssl/x509v3.h>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::qtmqtt {

namespace {

struct OpenSslDeleter {
    void operator()(X509 *certificate) const { X509_free(certificate); }
    void operator()(EVP_PKEY *key) const { EVP_PKEY_free(key); }
    void operator()(BIO *memory) const { BIO_free(memory); }
};
using Certificate = std::unique_ptr<X509, OpenSslDeleter>;

Certificate parse(const QSslCertificate &certificate)
{
    const QByteArray der = certificate.toDer();
    const auto *data = reinterpret_cast<const unsigned char *>(der.constData());
    return Certificate(d2i_X509(nullptr, &data, static_cast<long>(der.size())));
}

bool trust(SSL_CTX *context, const QList<QSslCertificate> &authorities)
{
    if (authorities.isEmpty())
        return SSL_CTX_set_default_verify_paths(context) == 1;
    for (const QSslCertificate &authority : authorities) {
        const Certificate certificate = parse(authority);
        if (!certificate || X509_STORE_add_cert(SSL_CTX_get_cert_store(context), certificate.get()) != 1)
            return false;
    }
    return true;
}

bool expectHost(SSL_CTX *context, const QString &host)
{
    X509_VERIFY_PARAM *expected = SSL_CTX_get0_param(context);
    const QByteArray name = host.toUtf8();
    if (!QHostAddress(host).isNull())
        return X509_VERIFY_PARAM_set1_ip_asc(expected, name.constData()) == 1;
    X509_VERIFY_PARAM_set_hostflags(expected, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    return X509_VERIFY_PARAM_set1_host(expected, name.constData(), static_cast<size_t>(name.size())) == 1;
}

bool presentOurselves(SSL_CTX *context, const QList<QSslCertificate> &chain, const QSslKey &key)
{
    if (chain.isEmpty() || key.isNull())
        return true;
    const Certificate own = parse(chain.first());
    if (!own || SSL_CTX_use_certificate(context, own.get()) != 1)
        return false;
    for (const QSslCertificate &issuer : chain.mid(1)) {
        const Certificate certificate = parse(issuer);
        if (!certificate || SSL_CTX_add1_chain_cert(context, certificate.get()) != 1)
            return false;
    }
    const QByteArray pem = key.toPem();
    const std::unique_ptr<BIO, OpenSslDeleter> memory(
        BIO_new_mem_buf(pem.constData(), static_cast<int>(pem.size())));
    const std::unique_ptr<EVP_PKEY, OpenSslDeleter> parsed(
        PEM_read_bio_PrivateKey(memory.get(), nullptr, nullptr, nullptr));
    return parsed && SSL_CTX_use_PrivateKey(context, parsed.get()) == 1;
}

int oldestVersion(QSsl::SslProtocol wanted)
{
    return wanted == QSsl::TlsV1_3 || wanted == QSsl::TlsV1_3OrLater ? TLS1_3_VERSION : TLS1_2_VERSION;
}

} // namespace

Result<TlsContext> makeTlsContext(const QSslConfiguration &configuration, const QString &host)
{
    TlsContext context(SSL_CTX_new(TLS_client_method()));
    if (!context)
        return fail(u"OpenSSL cannot be set up"_s);
    SSL_CTX_set_min_proto_version(context.get(), oldestVersion(configuration.protocol()));
    if (!presentOurselves(context.get(), configuration.localCertificateChain(), configuration.privateKey()))
        return fail(u"the client certificate and its key do not fit together"_s);
    const QSslSocket::PeerVerifyMode mode = configuration.peerVerifyMode();
    if (mode == QSslSocket::VerifyNone || mode == QSslSocket::QueryPeer)
        return context;
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
    if (configuration.peerVerifyDepth() > 0)
        SSL_CTX_set_verify_depth(context.get(), configuration.peerVerifyDepth());
    if (!trust(context.get(), configuration.caCertificates()) || !expectHost(context.get(), host))
        return fail(u"the CA certificates cannot be used"_s);
    return context;
}

} // namespace cloudnode::qtmqtt
