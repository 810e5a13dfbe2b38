#pragma once

#include "base/backoff.h"
#include "cloud/controlplane.h"

#include <QObject>
#include <QTimer>

#include <functional>

namespace cloudnode {

/// What registering needs to know.
struct RegistrationSettings {
    QString profileSlug;
    QString slugHint;
    Instance known; ///< stored or preset; an empty uuid asks for a new instance
    Backoff backoff{std::chrono::seconds(1), std::chrono::seconds(60)};
    /// Called with every instance the backend has created or confirmed, before anything else is asked of it,
    /// so that a failing registration never leaks a second one.
    std::function<void(const Instance &)> store;
};

/// Makes this node known to the backend, however long that takes: registers the known instance, creates one
/// where there is none or where the backend has forgotten it. Retries for ever, with backoff; only a rejected
/// token ends it. Source: WIRE contract, "Registration".
class Registration : public QObject {
    Q_OBJECT

public:
    Registration(ControlPlane &cloud, RegistrationSettings settings, QObject *parent = nullptr);

    /// One of registered() and rejected() follows. Again at any time later, when the instance got lost.
    void start();
    /// Creates an instance if there is none, without registering it; `done` gets it. One attempt.
    void ensureInstance(CloudCallback<Instance> done);
    void cancel();
    bool isUnderWay() const { return m_underWay; }

signals:
    void registered(const cloudnode::Instance &instance);
    void rejected(const cloudnode::Error &reason); ///< the token is no good
    void retrying(const cloudnode::Error &reason, std::chrono::milliseconds wait);

private:
    void attempt();
    void createThenRegister();
    void registerKnown(bool justCreated);
    void adopt(const Instance &instance);
    void retry(const CloudError &error);

    ControlPlane &m_cloud;
    RegistrationSettings m_settings;
    QTimer m_retryTimer;
    bool m_underWay = false;
};

} // namespace cloudnode
