#include "unit/configtest.h"

#include "platform/atomicfile.h"

#include <QDir>
#include <QTest>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::test {

QByteArray inFile(const QByteArray &lines)
{
    return "cyberwave-cloud-node:\n" + lines;
}

QStringList texts(const QList<Error> &errors)
{
    QStringList lines;
    for (const Error &error : errors)
        lines << error.text();
    return lines;
}

void ConfigTest::init()
{
    m_root = std::make_unique<QTemporaryDir>();
    for (const QString &folder : {u"work"_s, u"home/.cyberwave"_s, u"system"_s})
        QVERIFY(QDir(m_root->path()).mkpath(folder));
}

void ConfigTest::write(const QString &name, const QByteArray &data) const
{
    QVERIFY(QDir().mkpath(QFileInfo(path(name)).path()));
    QVERIFY(atomicfile::write(path(name), data, atomicfile::Durability::ProcessDeath));
}

ConfigRequest ConfigTest::request(const World &world) const
{
    const auto writeUnlessEmpty = [this](const QString &name, const QByteArray &data) {
        if (!data.isEmpty())
            write(name, data);
    };
    writeUnlessEmpty(u"work/cyberwave.yml"_s, world.yml);
    writeUnlessEmpty(u"work/.env"_s, world.workingDotEnv);
    writeUnlessEmpty(u"home/.cyberwave/.env"_s, world.homeDotEnv);
    writeUnlessEmpty(u"system/.env"_s, world.systemDotEnv);
    writeUnlessEmpty(u"home/.cyberwave/credentials.json"_s, world.credentials);
    writeUnlessEmpty(u"home/.cyberwave/instance_identity.json"_s, world.identity);

    ConfigRequest request;
    request.currentDirectory = path(u"work"_s);
    request.homeFolder = path(u"home"_s);
    request.systemFolder = path(u"system"_s);
    for (const QString &pair : world.environment)
        request.environment.insert(pair.section(u'=', 0, 0), pair.section(u'=', 1));
    const QHash<QString, QString *> flags = {{u"slug"_s, &request.slug},
                                             {u"profile"_s, &request.profile},
                                             {u"mqtt-host"_s, &request.mqttHost},
                                             {u"mqtt-port"_s, &request.mqttPort}};
    for (const QString &pair : world.flags)
        *flags[pair.section(u'=', 0, 0)] = pair.section(u'=', 1);
    return request;
}

} // namespace cloudnode::test
