#pragma once

#include "config/configfile.h"
#include "config/configloader.h"
#include "config/credentials.h"
#include "config/dotenv.h"
#include "config/setting.h"

#include <QList>

#include <optional>

namespace cloudnode {

/// A value as it was found, not yet judged.
struct RawValue {
    QString name; ///< what the user calls it: the setting's key, or the one used in the file
    FileValue value;
    QString origin; ///< for the list of settings: ".env:3 (/home/ada/.cyberwave)"
    QString place;  ///< for errors: "/home/ada/.cyberwave/.env:3"
};

/// The folders that follow from a request.
struct ConfigFolders {
    explicit ConfigFolders(const ConfigRequest &request);

    QString working; ///< of all commands: the configuration file's, or the current one
    QString workingOrigin;
    QString state;
    QString stateOrigin;
    /// Where credentials.json and .env are looked for, the strongest first.
    QStringList searched;
    /// The system's folder, if an identity found there is this node's: not if the state directory was chosen.
    QString systemIdentity;
};

/// All places where a setting may stand, read once.
class ConfigSources {
public:
    /// Errors: a configuration file that is missing, unreadable or has no form. Other files that are of no
    /// use are warnings.
    static Result<ConfigSources> open(const ConfigRequest &request);

    /// The first place's value; none if there is only the default.
    std::optional<RawValue> find(const Setting &setting) const;

    /// What the .env files say, the stronger one first.
    QMap<QString, QString> dotEnv() const;

    const ConfigFolders &folders() const { return m_folders; }
    const QString &configFile() const { return m_configFile; } ///< absolute; empty: none is used
    const QList<Error> &warnings() const { return m_warnings; }
    const QList<Error> &notes() const { return m_notes; }

private:
    explicit ConfigSources(const ConfigRequest &request);

    Result<void> openConfigFile(const ConfigRequest &request);
    Result<void> readConfigFile(const QString &path, const QString &name);
    bool readFrontMatter(const QString &path, const QString &name);
    void use(const ConfigFile &file, const QString &path);
    Result<void> readDotEnv(const QString &folder, QProcessEnvironment &known);
    Result<void> readCredentials();
    Result<void> close(const QString &path);

    std::optional<RawValue> findFlag(const Setting &setting) const;
    std::optional<RawValue> findInFile(const Setting &setting) const;
    std::optional<RawValue> findVariable(const Setting &setting) const;
    std::optional<RawValue> findInDotEnvs(const Setting &setting) const;
    std::optional<RawValue> findCredential(const Setting &setting) const;

    struct DotEnvFile {
        QString folder;
        QHash<QString, DotEnvEntry> entries;
    };

    ConfigFolders m_folders;
    QHash<QString, QString> m_flags;
    QString m_configFile;
    ConfigFile m_file;
    QProcessEnvironment m_environment;
    QList<DotEnvFile> m_dotEnvs; ///< the strongest first
    QString m_credentialsPath;
    Credentials m_credentials;
    QList<Error> m_warnings;
    QList<Error> m_notes;
};

/// `path` made absolute: ~/ is below `home`, everything else relative below `base`.
QString absolutePath(const QString &path, const QString &base, const QString &home);

} // namespace cloudnode
