#include "connectattempt.h"

#include "libraryerror.h"
#include "platform/rawsocket.h"

#include <cerrno>
#include <mutex>
#include <system_error>
#include <thread>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::qtmqtt {

namespace {

struct Request {
    MosquittoHandle client;
    QByteArray host;
    int port = 0;
    int keepAlive = 0;
    std::unique_ptr<PropertyList> properties; // none before MQTT 5
};

void noteError(mosquitto *client, void *note, int level, const char *text) noexcept
{
    if (level == MOSQ_LOG_ERR)
        *static_cast<QString *>(note) = libraryerror::logged(client, text);
}

Reached reach(Request request)
{
    mosquitto *client = request.client.get();
    QString problem;
    mosquitto_user_data_set(client, &problem);
    mosquitto_log_callback_set(client, noteError);
    errno = 0;
    const int result =
        mosquitto_connect_bind_v5(client, request.host.constData(), request.port, request.keepAlive, nullptr,
                                  request.properties ? request.properties->get() : nullptr);
    const int reason = errno;
    mosquitto_log_callback_set(client, nullptr);
    if (result != MOSQ_ERR_SUCCESS)
        return {std::move(request.client), result,
                problem.isEmpty() ? libraryerror::inWords(result, reason) : problem};
    // A workload started from here on must not keep the node's line to the broker open.
    rawsocket::keepFromChildren(mosquitto_socket(client));
    return {std::move(request.client), result, {}};
}

} // namespace

struct ConnectAttempt::Shared {
    std::mutex mutex;        // guards all below
    QObject *home = nullptr; // null: abandoned
    Reached reached;
};

ConnectAttempt::ConnectAttempt(MosquittoHandle client, const ConnectSettings &settings,
                               std::function<void(Reached)> done)
    : m_done(std::move(done)),
      m_shared(std::make_shared<Shared>())
{
    m_shared->home = &m_home;
    auto request = std::make_shared<Request>();
    request->client = std::move(client);
    request->host = settings.hostname.toUtf8();
    request->port = settings.port;
    request->keepAlive = settings.keepAlive;
    if (settings.protocolVersion == QMqttClient::MQTT_5_0)
        request->properties = PropertyList::of(settings.connectionProperties);

    const auto finish = [this, shared = m_shared](Reached reached) {
        const std::lock_guard lock(shared->mutex);
        shared->reached = std::move(reached);
        if (!shared->home) // then `this` is gone as well
            return;
        QMetaObject::invokeMethod(
            shared->home, [this] { m_done(std::move(m_shared->reached)); }, Qt::QueuedConnection);
    };
    try {
        std::thread([request, finish] { finish(reach(std::move(*request))); }).detach();
    } catch (const std::system_error &) {
        finish({std::move(request->client), MOSQ_ERR_ERRNO, u"the system has no thread to spare"_s});
    }
}

ConnectAttempt::~ConnectAttempt()
{
    const std::lock_guard lock(m_shared->mutex);
    m_shared->home = nullptr;
}

} // namespace cloudnode::qtmqtt
