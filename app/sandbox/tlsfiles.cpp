#include "sandbox/tlsfiles.h"

#include "platform/atomicfile.h"

#include <QSslCertificate>
#include <QSslKey>
#include <QSslSocket>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::sandbox {

namespace {

QSslKey readKey(const QString &path)
{
    const QByteArray pem = atomicfile::read(path, 1 << 20).value_or(QByteArray());
    const QSslKey rsa(pem, QSsl::Rsa);
    return rsa.isNull() ? QSslKey(pem, QSsl::Ec) : rsa;
}

} // namespace

Result<QSslConfiguration> TlsFiles::configuration() const
{
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    tls.setLocalCertificateChain(QSslCertificate::fromPath(certificate));
    tls.setPrivateKey(readKey(key));
    tls.setPeerVerifyMode(clientCa.isEmpty() ? QSslSocket::VerifyNone : QSslSocket::VerifyPeer);
    if (!clientCa.isEmpty())
        tls.setCaCertificates(QSslCertificate::fromPath(clientCa));
    if (tls.localCertificateChain().isEmpty())
        return fail(u"no certificate can be read from this file"_s, certificate);
    if (tls.privateKey().isNull())
        return fail(u"no RSA or EC key can be read from this file"_s, key);
    if (!clientCa.isEmpty() && tls.caCertificates().isEmpty())
        return fail(u"no certificate can be read from this file"_s, clientCa);
    return tls;
}

} // namespace cloudnode::sandbox
