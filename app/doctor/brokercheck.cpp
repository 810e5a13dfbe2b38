#include "doctor/brokercheck.h"

#include <QNetworkProxy>
#include <QSslCertificate>
#include <QSslConfiguration>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

BrokerCheck::BrokerCheck(const NodeConfig &config) : Check(u"broker"_s), m_config(config)
{
    m_socket.setProxy(QNetworkProxy::NoProxy); // as the node does
    const auto arrived = [this] {
        conclude({Finding::ok(
            subject(), broker() + (m_config.mqttUseTls ? u" takes connections, and its certificate is good"_s
                                                       : u" takes connections, without encryption"_s))});
    };
    if (m_config.mqttUseTls)
        connect(&m_socket, &QSslSocket::encrypted, this, arrived);
    else
        connect(&m_socket, &QSslSocket::connected, this, arrived);
    connect(&m_socket, &QSslSocket::errorOccurred, this, [this] { fail(m_socket.errorString()); });
}

void BrokerCheck::look()
{
    if (!m_config.mqttUseTls)
        m_socket.connectToHost(m_config.mqttHost, m_config.mqttPort);
    else if (trustFile())
        m_socket.connectToHostEncrypted(m_config.mqttHost, m_config.mqttPort);
    else
        fail(u"no certificate can be read from "_s + m_config.mqttTlsCaCerts);
}

bool BrokerCheck::trustFile()
{
    if (m_config.mqttTlsCaCerts.isEmpty())
        return true;
    QSslConfiguration tls = m_socket.sslConfiguration();
    tls.setCaCertificates(QSslCertificate::fromPath(m_config.mqttTlsCaCerts));
    m_socket.setSslConfiguration(tls);
    return !tls.caCertificates().isEmpty();
}

void BrokerCheck::fail(const QString &reason)
{
    conclude({Finding::problem(subject(), broker() + u": "_s + reason,
                               m_config.mqttUseTls
                                   ? u"Check mqtt_host, mqtt_port and mqtt_tls_ca_certs, and the firewall."_s
                                   : u"Check mqtt_host and mqtt_port, and the firewall."_s)});
}

QString BrokerCheck::broker() const
{
    return u"%1:%2"_s.arg(m_config.mqttHost).arg(m_config.mqttPort);
}

} // namespace cloudnode
