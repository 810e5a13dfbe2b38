#pragma once

#include <QDir>
#include <QStringList>

namespace cloudnode::test {

/// Names of the folders of workloads, and of whatever else is in there, but not of the one that a node keeps
/// ready for its next workload.
inline QStringList workloadNamesIn(const QString &folder)
{
    QStringList names = QDir(folder).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot);
    names.removeIf([](const QString &name) { return name.startsWith(QLatin1StringView(".unfinished-")); });
    return names;
}

} // namespace cloudnode::test
