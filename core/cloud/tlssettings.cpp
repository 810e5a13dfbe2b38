#include "cloud/tlssettings.h"

#include "platform/atomicfile.h"

#include <QDateTime>
#include <QSslCertificate>
#include <QSslKey>

#include <algorithm>
#include <array>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

constexpr qint64 largestFile = 4 << 20; // bytes; the bundle of a whole system has about 200 KiB

Result<QList<QSslCertificate>> certificatesIn(const QString &path, const QString &setting)
{
    const QString remedy = u"Let %1 name a readable PEM file, or leave it out."_s.arg(setting);
    const auto pem = atomicfile::read(path, largestFile);
    if (!pem)
        return fail(u"no certificate can be read: "_s + pem.error().what, path, remedy);
    QList<QSslCertificate> certificates = QSslCertificate::fromData(*pem);
    if (certificates.isEmpty())
        return fail(u"no certificate can be read from this file"_s, path, remedy);
    return certificates;
}

Result<QSslKey> keyIn(const QString &path, const QString &setting)
{
    const auto pem = atomicfile::read(path, largestFile);
    if (!pem)
        return fail(u"no private key can be read: "_s + pem.error().what, path,
                    u"Let %1 name a readable PEM file."_s.arg(setting));
    for (const QSsl::KeyAlgorithm algorithm : {QSsl::Rsa, QSsl::Ec, QSsl::Dsa}) {
        QSslKey key(*pem, algorithm);
        if (!key.isNull())
            return key;
    }
    if (pem->contains("ENCRYPTED"))
        return fail(u"the private key is protected by a passphrase, which nobody is there to type"_s, path,
                    u"Let %1 name the key without one, readable by its owner only."_s.arg(setting));
    return fail(u"no private key can be read from this file"_s, path,
                u"Let %1 name a PEM file with an RSA or EC key."_s.arg(setting));
}

/// Whether we ourselves would be refused for it.
Result<void> checkDates(const QSslCertificate &own, const QString &path)
{
    const QDateTime now = QDateTime::currentDateTimeUtc();
    if (now > own.expiryDate())
        return fail(u"our client certificate has expired on "_s +
                        own.expiryDate().toUTC().toString(Qt::ISODate),
                    path, u"Get a new one from who has issued it."_s);
    if (now < own.effectiveDate())
        return fail(u"our client certificate is not valid before "_s +
                        own.effectiveDate().toUTC().toString(Qt::ISODate),
                    path, u"Check this computer's clock."_s);
    return {};
}

struct Hint {
    const char16_t *words;  ///< in what OpenSSL, or Qt on its behalf, says
    const char16_t *remedy; ///< %1: what the settings begin with
};

constexpr const char16_t wantsOurs[] =
    u"The other side wants to see a client certificate: set %1_certfile and %1_keyfile.";
constexpr const char16_t dislikesOurs[] =
    u"The other side does not accept our client certificate: check %1_certfile and who has signed it.";
constexpr const char16_t unknownAuthority[] =
    u"If this is the right host, let %1_ca_certs name a file with the authority that signed its certificate.";
constexpr const char16_t otherHost[] =
    u"The certificate is made out for another host: check the host's name, or get a certificate that has it.";
constexpr const char16_t silentClose[] =
    u"If this goes on, the other side may want a client certificate that it trusts: see %1_certfile.";
constexpr const char16_t mismatch[] = u"Check that %1_certfile and %1_keyfile belong together.";

/// Alerts, the other side's complaints about us, stand first: some share words with our own about it.
constexpr std::array hints = {
    Hint{u"certificate required", wantsOurs},
    Hint{u"alert handshake failure", wantsOurs}, // before TLS 1.3
    Hint{u"alert unknown ca", dislikesOurs},
    Hint{u"alert bad certificate", dislikesOurs},
    Hint{u"alert certificate", dislikesOurs},
    Hint{u"alert unsupported certificate", dislikesOurs},
    Hint{u"do not fit together", mismatch},
    Hint{u"key does not certify public key", mismatch},
    Hint{u"expired", u"Check this computer's clock; if it is right, the other side needs a new certificate."},
    Hint{u"not yet valid", u"Check this computer's clock."},
    Hint{u"hostname mismatch", otherHost},
    Hint{u"host name did not match", otherHost},
    Hint{u"IP address mismatch", otherHost},
    Hint{u"local issuer", unknownAuthority},
    Hint{u"self-signed", unknownAuthority},
    Hint{u"self signed", unknownAuthority},
    Hint{u"issuer certificate", unknownAuthority},
    Hint{u"first certificate", unknownAuthority},
    Hint{u"root CA certificate is not trusted", unknownAuthority},
    // Some servers close without a word when they miss a certificate, or do not like it.
    Hint{u"connection was closed", silentClose},
    Hint{u"connection closed", silentClose},
    Hint{u"wrong version number", u"Check the port: what answers there does not speak TLS."},
};

} // namespace

TlsSettings TlsSettings::ofBroker(const NodeConfig &config)
{
    return {u"mqtt_tls"_s, config.mqttTlsCaCerts, config.mqttTlsCertificate, config.mqttTlsKey};
}

TlsSettings TlsSettings::ofBackend(const NodeConfig &config)
{
    return {u"api_tls"_s, config.apiTlsCaCerts, config.apiTlsCertificate, config.apiTlsKey};
}

bool TlsSettings::namesFiles() const
{
    return !caCertificates.isEmpty() || !certificate.isEmpty() || !privateKey.isEmpty();
}

Result<QSslConfiguration> TlsSettings::configuration() const
{
    QSslConfiguration result = QSslConfiguration::defaultConfiguration();
    result.setPeerVerifyMode(QSslSocket::VerifyPeer);
    if (!caCertificates.isEmpty()) {
        const auto authorities = certificatesIn(caCertificates, keys + u"_ca_certs"_s);
        if (!authorities)
            return tl::make_unexpected(authorities.error());
        result.setCaCertificates(*authorities);
    }
    if (certificate.isEmpty() != privateKey.isEmpty()) {
        const QString certfile = keys + u"_certfile"_s;
        const QString keyfile = keys + u"_keyfile"_s;
        return fail(u"%1 is given without its %2"_s.arg(privateKey.isEmpty() ? certfile : keyfile,
                                                        privateKey.isEmpty() ? keyfile : certfile),
                    {}, u"A client certificate needs both."_s);
    }
    if (certificate.isEmpty())
        return result;
    const auto chain = certificatesIn(certificate, keys + u"_certfile"_s);
    if (!chain)
        return tl::make_unexpected(chain.error());
    if (auto usable = checkDates(chain->constFirst(), certificate); !usable)
        return tl::make_unexpected(usable.error());
    const auto key = keyIn(privateKey, keys + u"_keyfile"_s);
    if (!key)
        return tl::make_unexpected(key.error());
    result.setLocalCertificateChain(*chain);
    result.setPrivateKey(*key);
    return result;
}

QString TlsSettings::remedyFor(const QString &problem) const
{
    const auto hint = std::find_if(hints.begin(), hints.end(), [&problem](const Hint &known) {
        return problem.contains(QStringView(known.words), Qt::CaseInsensitive);
    });
    return hint == hints.end() ? QString() : QString::fromUtf16(hint->remedy).replace(u"%1"_s, keys);
}

} // namespace cloudnode
