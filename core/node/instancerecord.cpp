#include "node/instancerecord.h"

#include "config/instanceidentity.h"

#include <QLoggingCategory>

#include <utility>

Q_DECLARE_LOGGING_CATEGORY(logNode)

namespace cloudnode {

InstanceRecord::InstanceRecord(const NodeConfig &config, QString path)
    : m_path(std::move(path)),
      m_workspaceSlug(config.workspaceSlug),
      m_wantedSlug(config.slugHint)
{
    const auto loaded = InstanceIdentity::load(m_path);
    if (loaded.warning)
        qCWarning(logNode).noquote() << loaded.warning->text();
    if (loaded.identity)
        m_known = {loaded.identity->uuid, loaded.identity->slug};
    if (!config.instanceUuid.isEmpty() && config.instanceUuid != m_known.uuid)
        m_known = {config.instanceUuid, config.slugHint};
}

QString InstanceRecord::slugHint() const
{
    return m_wantedSlug.isEmpty() ? m_known.slug : m_wantedSlug;
}

Result<void> InstanceRecord::store(const Instance &instance)
{
    if (instance == m_stored) // it has been created, and now it is registered
        return {};
    const InstanceIdentity identity{.uuid = instance.uuid,
                                    .slug = instance.slug,
                                    .workspaceSlug = m_workspaceSlug,
                                    .registeredAt = QDateTime::currentDateTimeUtc()};
    return identity.save(m_path).map([&] { m_stored = instance; });
}

} // namespace cloudnode
