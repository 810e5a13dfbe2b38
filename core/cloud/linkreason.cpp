#include "cloud/linkreason.h"

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::linkreason {

namespace {

constexpr quint16 usualTlsPort = 8883;

QString brokerOf(const LinkSettings &settings)
{
    return u"%1:%2"_s.arg(settings.host).arg(settings.port);
}

QString transportRemedy(const QString &detail, const LinkSettings &settings)
{
    if (settings.useTls) {
        const QString known = settings.tls.remedyFor(detail);
        return !known.isEmpty() ? known
                                : u"Check that mqtt_port is the broker's TLS port, and that this machine can "
                                  u"reach it."_s;
    }
    if (settings.port == usualTlsPort)
        return u"Check mqtt_host, and whether the broker wants mqtt_use_tls on this port."_s;
    return u"Check mqtt_host and mqtt_port, and that this machine can reach them."_s;
}

Error cannotReach(const QString &detail, const LinkSettings &settings)
{
    const QString what =
        settings.useTls ? u"no secure connection to the broker"_s : u"no connection to the broker"_s;
    return {detail.isEmpty() ? what : what + u": "_s + detail, brokerOf(settings),
            transportRemedy(detail, settings)};
}

} // namespace

Error notConnected(QMqttClient::ClientError error, const QString &detail, const LinkSettings &settings)
{
    const QString where = brokerOf(settings);
    switch (error) {
    case QMqttClient::BadUsernameOrPassword:
    case QMqttClient::NotAuthorized:
        return {u"the broker refuses our user name and password"_s, where,
                u"Check mqtt_username and mqtt_password; without a password the API token is used."_s};
    case QMqttClient::IdRejected:
        return {u"the broker refuses the client id %1"_s.arg(settings.clientId), where, {}};
    case QMqttClient::InvalidProtocolVersion:
    case QMqttClient::ProtocolViolation:
        return {u"the answer is not MQTT as we speak it"_s, where,
                u"Check that mqtt_host and mqtt_port are those of an MQTT broker."_s};
    case QMqttClient::ServerUnavailable:
        return {u"the broker says that it is not available"_s, where, {}};
    case QMqttClient::NoError:
    case QMqttClient::TransportInvalid:
        return cannotReach(detail, settings);
    default:
        return {u"the broker refuses the connection"_s + (detail.isEmpty() ? QString() : u": "_s + detail),
                where,
                {}};
    }
}

Error noAnswer(std::chrono::milliseconds limit, const LinkSettings &settings)
{
    const double seconds = std::chrono::duration<double>(limit).count();
    return {u"no answer from the broker within %1 seconds"_s.arg(seconds), brokerOf(settings),
            transportRemedy({}, settings)};
}

Error notAcknowledged(std::chrono::milliseconds limit, const LinkSettings &settings)
{
    const double seconds = std::chrono::duration<double>(limit).count();
    return {u"the broker has not acknowledged our messages for %1 seconds"_s.arg(seconds),
            brokerOf(settings),
            {}};
}

Error dropped(QMqttClient::ClientError error, bool sudden, const LinkSettings &settings)
{
    const QString what = error == QMqttClient::NoError ? u"the broker ended the session"_s
                         : error == QMqttClient::ServerUnavailable
                             ? u"the broker has stopped answering"_s
                             : u"the connection to the broker was lost"_s;
    const QString remedy = u"If this goes on, look for another node that runs with this one's identity: the "
                           u"broker drops one for the other."_s;
    return {what, brokerOf(settings), sudden ? remedy : QString()};
}

Error notSubscribed(const QString &topic)
{
    return {u"the broker does not let us subscribe to our commands"_s, topic,
            u"Check that the MQTT user may read this topic."_s};
}

} // namespace cloudnode::linkreason
