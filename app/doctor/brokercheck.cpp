#include "doctor/brokercheck.h"

#include "cloud/tlssettings.h"

#include <QNetworkProxy>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

constexpr auto patience = std::chrono::seconds(3); // until a broker that says nothing has agreed

}

BrokerCheck::BrokerCheck(const NodeConfig &config) : Check(u"broker"_s), m_config(config)
{
    m_socket.setProxy(QNetworkProxy::NoProxy); // as the node does
    if (m_config.mqttUseTls)
        connect(&m_socket, &QSslSocket::encrypted, this, &BrokerCheck::shake);
    else
        connect(&m_socket, &QSslSocket::connected, this, [this] {
            conclude({Finding::ok(subject(), broker() + u" takes connections, without encryption"_s)});
        });
    connect(&m_socket, &QSslSocket::errorOccurred, this, [this](QAbstractSocket::SocketError error) {
        if (error == QAbstractSocket::RemoteHostClosedError && m_socket.isEncrypted())
            closed();
        else
            fail(m_socket.errorString());
    });
}

void BrokerCheck::look()
{
    if (!m_config.mqttUseTls) {
        m_socket.connectToHost(m_config.mqttHost, m_config.mqttPort);
        return;
    }
    const auto tls = TlsSettings::ofBroker(m_config).configuration();
    if (!tls) {
        conclude({Finding::problem(subject(), Error{tls.error().what, tls.error().where, {}}.text(),
                                   tls.error().remedy)});
        return;
    }
    m_socket.setSslConfiguration(*tls);
    m_socket.connectToHostEncrypted(m_config.mqttHost, m_config.mqttPort);
}

/// With TLS 1.3 we are through before the broker has judged our certificate. So we hear it out: it ends a
/// session that begins with a goodbye, and if it does not like us, it says that instead.
void BrokerCheck::shake()
{
    m_socket.write(QByteArrayLiteral("\xE0\x00")); // DISCONNECT (MQTT 5.0, 3.14)
    QTimer::singleShot(patience, this, &BrokerCheck::closed);
}

void BrokerCheck::closed()
{
    conclude({Finding::ok(subject(), broker() + u" takes connections, and its certificate is good"_s)});
}

void BrokerCheck::fail(const QString &reason)
{
    const QString known = TlsSettings::ofBroker(m_config).remedyFor(reason);
    conclude({Finding::problem(subject(), broker() + u": "_s + reason,
                               m_config.mqttUseTls && !known.isEmpty()
                                   ? known
                                   : u"Check mqtt_host and mqtt_port, and the firewall."_s)});
}

QString BrokerCheck::broker() const
{
    return u"%1:%2"_s.arg(m_config.mqttHost).arg(m_config.mqttPort);
}

} // namespace cloudnode
