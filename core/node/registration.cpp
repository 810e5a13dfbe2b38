#include "node/registration.h"

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

Registration::Registration(ControlPlane &cloud, RegistrationSettings settings, QObject *parent)
    : QObject(parent),
      m_cloud(cloud),
      m_settings(std::move(settings))
{
    m_retryTimer.setSingleShot(true);
    connect(&m_retryTimer, &QTimer::timeout, this, &Registration::attempt);
}

void Registration::start()
{
    if (m_underWay)
        return;
    m_underWay = true;
    m_settings.backoff.reset();
    attempt();
}

void Registration::cancel()
{
    m_underWay = false;
    m_retryTimer.stop();
}

void Registration::attempt()
{
    if (m_settings.known.uuid.isEmpty())
        createThenRegister();
    else
        registerKnown(false);
}

void Registration::createThenRegister()
{
    ensureInstance([this](const CloudResult<Instance> &created) {
        if (!m_underWay)
            return;
        if (created)
            registerKnown(true);
        else
            retry(created.error());
    });
}

void Registration::ensureInstance(CloudCallback<Instance> done)
{
    if (!m_settings.known.uuid.isEmpty()) {
        done(m_settings.known);
        return;
    }
    const auto created = [this, done = std::move(done)](const CloudResult<Instance> &reply) {
        if (reply)
            adopt(*reply);
        done(reply);
    };
    m_cloud.createInstance(m_settings.profileSlug, m_settings.slugHint, this, created);
}

void Registration::registerKnown(bool justCreated)
{
    const auto answered = [this, justCreated](const CloudResult<Instance> &reply) {
        if (!m_underWay)
            return;
        if (reply) {
            adopt(*reply);
            m_underWay = false;
            emit registered(m_settings.known);
        } else if (reply.error().kind == CloudError::Kind::NotFound && !justCreated) {
            m_settings.known = {};
            createThenRegister();
        } else {
            retry(reply.error());
        }
    };
    m_cloud.registerInstance(m_settings.known.uuid, m_settings.profileSlug, this, answered);
}

void Registration::adopt(const Instance &instance)
{
    Instance &known = m_settings.known;
    if (!instance.uuid.isEmpty())
        known.uuid = instance.uuid;
    if (!instance.slug.isEmpty())
        known.slug = instance.slug;
    if (known.slug.isEmpty())
        known.slug = u"cn-"_s + known.uuid.left(8);
    m_settings.store(known);
}

void Registration::retry(const CloudError &error)
{
    if (error.kind == CloudError::Kind::Unauthorized) {
        m_underWay = false;
        emit rejected(error.error);
        return;
    }
    std::chrono::milliseconds wait = m_settings.backoff.next();
    if (error.retryAfter)
        wait = std::max<std::chrono::milliseconds>(wait, *error.retryAfter);
    emit retrying(error.error, wait);
    m_retryTimer.start(wait);
}

} // namespace cloudnode
