#include "node/refusedworkloads.h"

#include "platform/atomicfile.h"

#include <QCryptographicHash>
#include <QDir>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

constexpr qint64 largestFile = 64 * 1024;

} // namespace

Result<void> RefusedWorkloads::recover()
{
    if (auto made = atomicfile::makePrivateFolder(m_folder); !made)
        return made;
    const QDir folder(m_folder);
    for (const QString &name : folder.entryList(QDir::Files)) {
        if (!name.endsWith(u".json"))
            continue;
        const auto json = atomicfile::read(folder.filePath(name), largestFile);
        const QJsonObject refusal = json ? QJsonDocument::fromJson(*json).object() : QJsonObject();
        const QString uuid = refusal.value("workload_uuid"_L1).toString();
        if (uuid.isEmpty())
            QFile::remove(folder.filePath(name)); // it tells nothing that could be said
        else
            m_reasons.insert(uuid, refusal.value("reason"_L1).toString());
    }
    return {};
}

Result<void> RefusedWorkloads::add(const QString &workloadUuid, const QString &reason)
{
    if (m_reasons.size() >= capacity && !m_reasons.contains(workloadUuid))
        return fail(u"more than %1 refused workloads wait for the backend"_s.arg(capacity), m_folder);
    m_reasons.insert(workloadUuid, reason);
    const QJsonObject refusal{{u"workload_uuid"_s, workloadUuid}, {u"reason"_s, reason}};
    return atomicfile::write(pathOf(workloadUuid), QJsonDocument(refusal).toJson(QJsonDocument::Compact),
                             atomicfile::Durability::ProcessDeath);
}

void RefusedWorkloads::remove(const QString &workloadUuid)
{
    if (m_reasons.remove(workloadUuid) > 0)
        QFile::remove(pathOf(workloadUuid));
}

/// The uuid comes from outside: it may be anything.
QString RefusedWorkloads::pathOf(const QString &workloadUuid) const
{
    const QByteArray digest =
        QCryptographicHash::hash(workloadUuid.toUtf8(), QCryptographicHash::Sha256).toHex().left(32);
    return m_folder + u'/' + QString::fromLatin1(digest) + u".json"_s;
}

} // namespace cloudnode
