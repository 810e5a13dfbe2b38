#include "workload/workloadpaths.h"

#include "platform/fileoperations.h"
#include "platform/foldercontents.h"

#include <QDir>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

WorkloadPaths::WorkloadPaths(const QString &workloadsFolder, const QString &logsFolder)
    : m_workloadsFolder(QDir::cleanPath(workloadsFolder)),
      m_logsFolder(QDir::cleanPath(logsFolder)),
      m_historyFolder(QDir::cleanPath(workloadsFolder + u"/../history"_s))
{
}

QString WorkloadPaths::folder(const QString &key) const
{
    QString usual = activeFolder(key);
    if (fileoperations::exists(usual))
        return usual;
    const QString archived = archivedFolder(key);
    return fileoperations::exists(archived) ? archived : usual;
}

QString WorkloadPaths::activeFolder(const QString &key) const
{
    return m_workloadsFolder + u'/' + key;
}

QString WorkloadPaths::archivedFolder(const QString &key) const
{
    return m_historyFolder + u'/' + key;
}

QString WorkloadPaths::log(WorkloadType type, const QString &key, const char *suffix) const
{
    return m_logsFolder + u'/' + toString(type) + u'_' + key + u'.' + QLatin1StringView(suffix);
}

QStringList WorkloadPaths::logs(const QString &key) const
{
    QStringList paths;
    for (const WorkloadType type :
         {WorkloadType::Inference, WorkloadType::Training, WorkloadType::Simulate}) {
        for (const char *suffix : {stdoutFile, stderrFile, paramsFile})
            paths << log(type, key, suffix);
    }
    return paths;
}

QStringList WorkloadPaths::hidden(const char *prefix) const
{
    QStringList paths;
    for (const QString &name : foldercontents::folders(m_workloadsFolder).value_or(QStringList())) {
        if (name.startsWith(QLatin1StringView(prefix)))
            paths << m_workloadsFolder + u'/' + name;
    }
    return paths;
}

} // namespace cloudnode
