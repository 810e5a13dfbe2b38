#include "bundle/knownsecrets.h"

#include "config/configsources.h"
#include "platform/atomicfile.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QSet>
#include <QUrl>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

constexpr qint64 maxFileBytes = 1 << 20;

bool soundsSecret(const QString &name)
{
    static const QRegularExpression words(u"token|secret|passw|credential|private|dsn|key$"_s,
                                          QRegularExpression::CaseInsensitiveOption);
    return words.match(name).hasMatch();
}

class Collection {
public:
    void add(const QString &secret);
    void addSettings(const LoadedConfig &loaded);
    void addVariables(const QProcessEnvironment &environment);
    void addDotEnv(const QString &path, const QProcessEnvironment &environment);
    void addJson(const QJsonValue &value, const QString &name);

    SecretMask mask() const { return SecretMask(m_secrets.values()); }

private:
    QSet<QByteArray> m_secrets;
};

void Collection::add(const QString &secret)
{
    if (secret.isEmpty())
        return;
    const QByteArray json = QJsonDocument(QJsonArray{secret}).toJson(QJsonDocument::Compact);
    m_secrets << secret.toUtf8() << json.sliced(2, json.size() - 4) // without ["…"]
              << QUrl::toPercentEncoding(secret);
}

void Collection::addSettings(const LoadedConfig &loaded)
{
    for (const EffectiveSetting &setting : loaded.settings) {
        if (setting.secret)
            add(setting.value.toString());
    }
    for (auto variable = loaded.config.dotEnv.cbegin(); variable != loaded.config.dotEnv.cend(); ++variable) {
        if (soundsSecret(variable.key()))
            add(variable.value());
    }
}

void Collection::addVariables(const QProcessEnvironment &environment)
{
    const QStringList names = environment.keys();
    for (const QString &name : names) {
        if (soundsSecret(name))
            add(environment.value(name));
    }
}

/// The configuration keeps only one value of a name; here all of them count.
void Collection::addDotEnv(const QString &path, const QProcessEnvironment &environment)
{
    const auto data = atomicfile::read(path, maxFileBytes);
    if (!data)
        return;
    const DotEnv file = DotEnv::parse(QString::fromUtf8(*data), environment);
    for (const DotEnvEntry &entry : file.entries) {
        if (soundsSecret(entry.name))
            add(entry.value);
    }
}

void Collection::addJson(const QJsonValue &value, const QString &name)
{
    if (value.isString() && soundsSecret(name))
        add(value.toString());
    const QJsonObject object = value.toObject();
    for (auto member = object.begin(); member != object.end(); ++member)
        addJson(member.value(), soundsSecret(name) ? name : member.key());
    const QJsonArray array = value.toArray();
    for (const auto &element : array)
        addJson(element, name);
}

} // namespace

SecretMask knownSecrets(const ConfigRequest &request)
{
    Collection all;
    ConfigRequest withoutFile = request;
    withoutFile.useConfigFile = false;
    for (const ConfigRequest &one : {request, withoutFile}) {
        if (const auto loaded = loadConfig(one))
            all.addSettings(*loaded);
    }
    all.addVariables(request.environment);
    const ConfigFolders folders(request);
    for (const QString &folder : QStringList(folders.working) + folders.searched) {
        all.addDotEnv(folder + u"/.env"_s, request.environment);
        if (const auto json = atomicfile::read(folder + u"/credentials.json"_s, maxFileBytes))
            all.addJson(QJsonDocument::fromJson(*json).object(), {});
    }
    return all.mask();
}

} // namespace cloudnode
