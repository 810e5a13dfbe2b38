#pragma once

#include <QList>
#include <QProcessEnvironment>
#include <QString>

namespace cloudnode {

/// One variable of a .env file.
struct DotEnvEntry {
    QString name;
    QString value;
    int line = 0; ///< from 1

    bool operator==(const DotEnvEntry &other) const = default;
};

/// A .env file, read the way python-dotenv reads it: KEY=value, optional `export`, # comments, single and
/// double quotes (which may span lines), ${NAME} and ${NAME:-default} everywhere.
struct DotEnv {
    QList<DotEnvEntry> entries; ///< in the file's order; a name stands at most once, with its last value
    QList<int> badLines;        ///< where something stands that cannot be understood; it was skipped

    /// `environment` is what ${NAME} looks into first; names of the file itself come second, undefined ones
    /// are empty.
    static DotEnv parse(const QString &text, const QProcessEnvironment &environment);
};

} // namespace cloudnode
