#include "config/configsources.h"

#include "config/privatefiles.h"
#include "platform/atomicfile.h"

#include <QDir>
#include <QFileInfo>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

constexpr qint64 maxDotEnvBytes = 1 << 20;
constexpr qsizetype maxBadLinesTold = 5;
constexpr qsizetype maxFileWarnings = 20;

QString defaultConfigName()
{
    return u"cyberwave.yml"_s;
}

bool holdsSecret(const DotEnvEntry &entry)
{
    const QList<Setting> &all = allSettings();
    return !entry.value.trimmed().isEmpty() &&
           std::any_of(all.cbegin(), all.cend(), [&entry](const Setting &setting) {
               return setting.secret && setting.variables.contains(entry.name);
           });
}

FileValue plainText(const QString &text)
{
    return {FileValue::Shape::Text, text, true, 0};
}

} // namespace

QString absolutePath(const QString &path, const QString &base, const QString &home)
{
    if (path == "~"_L1)
        return home;
    if (path.startsWith("~/"_L1))
        return QDir::cleanPath(home + path.sliced(1));
    return QDir::cleanPath(QDir(base).absoluteFilePath(path));
}

ConfigFolders::ConfigFolders(const ConfigRequest &request)
    : working(request.currentDirectory),
      workingOrigin(u"current directory"_s)
{
    const QString &here = request.currentDirectory;
    const QString &home = request.homeFolder;
    if (!request.configFile.isEmpty()) {
        working = QFileInfo(absolutePath(request.configFile, here, home)).path();
        workingOrigin = u"command line --config"_s;
    }
    const QString variable = u"CYBERWAVE_EDGE_CONFIG_DIR"_s;
    const QString chosen = request.environment.value(variable);
    const QString config = chosen.isEmpty() ? home + u"/.cyberwave"_s : absolutePath(chosen, here, home);
    state = request.stateDir.isEmpty() ? config : absolutePath(request.stateDir, here, home);
    if (!request.stateDir.isEmpty())
        stateOrigin = u"command line --state-dir"_s;
    else
        stateOrigin = chosen.isEmpty() ? u"default"_s : u"environment "_s + variable;
    searched = {state, config, request.systemFolder};
    searched.removeDuplicates();
    if (request.stateDir.isEmpty() && chosen.isEmpty())
        systemIdentity = request.systemFolder;
}

ConfigSources::ConfigSources(const ConfigRequest &request)
    : m_folders(request),
      m_flags({{u"--slug"_s, request.slug},
               {u"--profile"_s, request.profile},
               {u"--mqtt-host"_s, request.mqttHost},
               {u"--mqtt-port"_s, request.mqttPort}}),
      m_environment(request.environment)
{
}

Result<ConfigSources> ConfigSources::open(const ConfigRequest &request)
{
    ConfigSources sources(request);
    if (auto opened = sources.openConfigFile(request); !opened)
        return tl::make_unexpected(opened.error());
    // Each file may refer to what is known before it, and gives no variable a second value.
    QProcessEnvironment known = request.environment;
    QStringList folders = QStringList(sources.m_folders.working) + sources.m_folders.searched;
    folders.removeDuplicates();
    for (const QString &folder : std::as_const(folders)) {
        if (auto read = sources.readDotEnv(folder, known); !read)
            return tl::make_unexpected(read.error());
    }
    if (auto read = sources.readCredentials(); !read)
        return tl::make_unexpected(read.error());
    return sources;
}

Result<void> ConfigSources::openConfigFile(const ConfigRequest &request)
{
    if (!request.useConfigFile)
        return {};
    const bool asked = !request.configFile.isEmpty();
    const QString name = asked ? request.configFile : defaultConfigName();
    const QString path = absolutePath(name, request.currentDirectory, request.homeFolder);
    if (QFileInfo::exists(path))
        return readConfigFile(path, name);
    const QString readme = m_folders.working + u"/README.md"_s;
    const QString readmeName = asked ? QFileInfo(name).dir().filePath(u"README.md"_s) : u"README.md"_s;
    if (readFrontMatter(readme, readmeName))
        return {};
    if (asked)
        return fail(u"there is no such file, and no README.md with a configuration beside it"_s, path,
                    u"Check the path given with --config."_s);
    if (QFileInfo::exists(m_folders.working + u"/cyberwave.yaml"_s))
        m_warnings.append({u"is not read"_s, u"cyberwave.yaml"_s, u"Name it cyberwave.yml."_s});
    return {};
}

Result<void> ConfigSources::readConfigFile(const QString &path, const QString &name)
{
    if (QFileInfo(path).isDir())
        return fail(u"is a folder, expected a file"_s, path, u"Name the cyberwave.yml in it."_s);
    const auto data = atomicfile::read(path, ConfigFile::maxBytes);
    if (!data)
        return tl::make_unexpected(data.error());
    return ConfigFile::parse(*data, name).map([&](const ConfigFile &file) { use(file, path); });
}

bool ConfigSources::readFrontMatter(const QString &path, const QString &name)
{
    const auto data = atomicfile::read(path, ConfigFile::maxBytes);
    if (!data)
        return false;
    const auto file = ConfigFile::parseFrontMatter(*data, name);
    if (file)
        use(*file, path);
    return file.has_value();
}

void ConfigSources::use(const ConfigFile &file, const QString &path)
{
    m_file = file;
    m_configFile = path;
    m_warnings += file.warnings.first(std::min(file.warnings.size(), maxFileWarnings));
    if (file.warnings.size() > maxFileWarnings)
        m_warnings.append(
            {u"has %1 more such problems"_s.arg(file.warnings.size() - maxFileWarnings), file.name, {}});
    m_notes += file.notes;
    for (const Setting &setting : allSettings()) {
        QStringList given = setting.fileKeys;
        given.removeIf([&file](const QString &key) { return !file.values.contains(key); });
        if (setting.secret && !given.isEmpty() && privatefiles::isOpenToAll(path))
            m_warnings.append(
                {u"%1 stands in a file that everybody on this computer can read"_s.arg(given[0]),
                 file.place(file.values[given[0]]),
                 u"Set %1 in .env, or run: chmod 600 %2"_s.arg(setting.variables.first(), path)});
        if (given.size() > 1)
            m_warnings.append({u"%1 is the newer name of %2; only %1 counts"_s.arg(given[0], given[1]),
                               file.place(file.values[given[1]]), u"Remove %1."_s.arg(given[1])});
    }
}

Result<void> ConfigSources::readDotEnv(const QString &folder, QProcessEnvironment &known)
{
    const QString path = folder + u"/.env"_s;
    if (!QFileInfo(path).isFile())
        return {};
    const auto data = atomicfile::read(path, maxDotEnvBytes);
    if (!data) {
        m_warnings.append(data.error());
        return {};
    }
    QString text = QString::fromUtf8(*data);
    if (text.startsWith(QChar(QChar::ByteOrderMark)))
        text.remove(0, 1);
    const DotEnv file = DotEnv::parse(text, known);
    for (const int line : file.badLines.first(std::min(file.badLines.size(), maxBadLinesTold)))
        m_warnings.append(
            {u"is not understood and skipped"_s, u"%1:%2"_s.arg(path).arg(line), u"Write KEY=value."_s});
    const bool hasSecret = std::any_of(file.entries.cbegin(), file.entries.cend(), holdsSecret);
    if (auto closed = hasSecret ? close(path) : Result<void>(); !closed)
        return closed;
    DotEnvFile layer{folder, {}};
    for (const DotEnvEntry &entry : file.entries) {
        // A variable that is set to nothing hides one of the same name further down.
        if (known.contains(entry.name))
            continue;
        known.insert(entry.name, entry.value);
        layer.entries.insert(entry.name, entry);
    }
    m_dotEnvs.append(layer);
    return {};
}

Result<void> ConfigSources::close(const QString &path)
{
    return privatefiles::closeFile(path).map([this](const privatefiles::Change &change) {
        if (change)
            m_warnings.append(*change);
    });
}

Result<void> ConfigSources::readCredentials()
{
    for (const QString &folder : m_folders.searched) {
        const QString path = folder + u"/credentials.json"_s;
        if (!QFileInfo::exists(path))
            continue;
        const auto credentials = Credentials::read(path);
        if (credentials) {
            m_credentials = *credentials;
            m_credentialsPath = path;
            return close(path);
        }
        m_warnings.append(credentials.error());
    }
    return {};
}

std::optional<RawValue> ConfigSources::find(const Setting &setting) const
{
    if (auto value = findFlag(setting))
        return value;
    if (auto value = findInFile(setting))
        return value;
    if (auto value = findVariable(setting))
        return value;
    if (auto value = findInDotEnvs(setting))
        return value;
    return findCredential(setting);
}

std::optional<RawValue> ConfigSources::findFlag(const Setting &setting) const
{
    const QString text = m_flags.value(setting.flag);
    if (text.isEmpty())
        return std::nullopt;
    const QString origin = u"command line "_s + setting.flag;
    return RawValue{setting.key, plainText(text), origin, origin};
}

std::optional<RawValue> ConfigSources::findInFile(const Setting &setting) const
{
    for (const QString &key : setting.fileKeys) {
        const auto found = m_file.values.constFind(key);
        if (found == m_file.values.cend())
            continue;
        // "key:" with nothing behind it says "none" where there can be none, and is a mistake elsewhere.
        const bool blank = found->shape == FileValue::Shape::Nothing ||
                           (found->shape == FileValue::Shape::Text && found->text.trimmed().isEmpty());
        if (!blank || !setting.isOptional())
            return RawValue{key, *found, m_file.place(*found), m_file.place(*found)};
    }
    return std::nullopt;
}

std::optional<RawValue> ConfigSources::findVariable(const Setting &setting) const
{
    for (const QString &name : setting.variables) {
        const QString text = m_environment.value(name);
        if (text.trimmed().isEmpty())
            continue;
        const QString origin = u"environment "_s + name;
        return RawValue{setting.key, plainText(text), origin, origin};
    }
    return std::nullopt;
}

QMap<QString, QString> ConfigSources::dotEnv() const
{
    QMap<QString, QString> all;
    for (auto file = m_dotEnvs.crbegin(); file != m_dotEnvs.crend(); ++file) {
        for (const DotEnvEntry &entry : file->entries)
            all.insert(entry.name, entry.value);
    }
    return all;
}

std::optional<RawValue> ConfigSources::findInDotEnvs(const Setting &setting) const
{
    for (const DotEnvFile &file : m_dotEnvs) {
        for (const QString &name : setting.variables) {
            const DotEnvEntry entry = file.entries.value(name);
            if (entry.value.trimmed().isEmpty())
                continue;
            return RawValue{setting.key, plainText(entry.value),
                            u".env:%1 (%2)"_s.arg(entry.line).arg(file.folder),
                            u"%1/.env:%2"_s.arg(file.folder).arg(entry.line)};
        }
    }
    return std::nullopt;
}

std::optional<RawValue> ConfigSources::findCredential(const Setting &setting) const
{
    const QString text = setting.credential.isEmpty() ? QString() : m_credentials.value(setting.credential);
    if (text.isEmpty())
        return std::nullopt;
    return RawValue{setting.key, plainText(text), u"credentials.json"_s, m_credentialsPath};
}

} // namespace cloudnode
