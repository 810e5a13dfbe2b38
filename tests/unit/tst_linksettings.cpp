#include "cloud/linksettings.h"
#include "config/nodeconfig.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;

namespace {

const Instance self{u"6c03af00-cf59"_s, u"my-gpu"_s};

NodeConfig config()
{
    NodeConfig config;
    config.mqttHost = u"broker.example"_s;
    config.mqttPort = 8883;
    config.mqttUseTls = true;
    config.apiToken = u"the-token"_s;
    return config;
}

} // namespace

/// As whom a node comes to the broker: with an instance, and before it has one.
class TestLinkSettings : public QObject {
    Q_OBJECT

private slots:
    void aNodeLogsInAs_data();
    void aNodeLogsInAs();
    void aNodeListensAndLeavesAWill();
    void aSlugThatIsNoTopicIsLeftOut();
    void aStrangerLogsInAs_data();
    void aStrangerLogsInAs();
    void aStrangerLeavesNothingBehind();
    void noTwoStrangersAreAlike();
};

void TestLinkSettings::aNodeLogsInAs_data()
{
    QTest::addColumn<QString>("givenUser");
    QTest::addColumn<QString>("givenPassword");
    QTest::addColumn<QString>("user");
    QTest::addColumn<QString>("password");
    QTest::newRow("nothing given") << QString() << QString() << self.uuid << u"the-token"_s;
    QTest::newRow("a user") << u"me"_s << QString() << u"me"_s << u"the-token"_s;
    QTest::newRow("a password") << QString() << u"secret"_s << self.uuid << u"secret"_s;
    QTest::newRow("both") << u"me"_s << u"secret"_s << u"me"_s << u"secret"_s;
}

void TestLinkSettings::aNodeLogsInAs()
{
    QFETCH(const QString, givenUser);
    QFETCH(const QString, givenPassword);
    NodeConfig given = config();
    given.mqttUsername = givenUser;
    given.mqttPassword = givenPassword;
    given.slugHint = u"hint"_s; // of no interest once it has a name
    const LinkSettings settings = LinkSettings::of(given, self);
    QTEST(settings.username, "user");
    QTEST(settings.password, "password");
    QCOMPARE(settings.clientId, u"cloudnode-6c03af00-cf59"_s);
    QCOMPARE(settings.host, u"broker.example"_s);
    QCOMPARE(settings.port, quint16{8883});
    QVERIFY(settings.useTls);
}

void TestLinkSettings::aNodeListensAndLeavesAWill()
{
    NodeConfig given = config();
    given.environment = u"dev"_s;
    const LinkSettings settings = LinkSettings::of(given, self);
    QCOMPARE(settings.commandTopics, QStringList({u"devcyberwave/cloud-node/6c03af00-cf59/command"_s,
                                                  u"devcyberwave/cloud-node/my-gpu/command"_s}));
    QCOMPARE(settings.willTopic, u"devcyberwave/cloud-node/6c03af00-cf59/response"_s);
    const QJsonObject will = QJsonDocument::fromJson(settings.willPayload).object();
    QCOMPARE(will.value("status"_L1), u"error"_s);
    QVERIFY(will.value("request_id"_L1).isNull());
    QCOMPARE(will.value("instance_uuid"_L1), self.uuid);
    QCOMPARE(will.value("slug"_L1), self.slug);
    QVERIFY(settings.sessionExpiry > std::chrono::seconds(0)); // the broker keeps commands for it
}

void TestLinkSettings::aSlugThatIsNoTopicIsLeftOut()
{
    for (const QString &slug : {QString(), u"a/b"_s, u"#"_s, u"+"_s}) {
        const LinkSettings settings = LinkSettings::of(config(), {self.uuid, slug});
        QCOMPARE(settings.commandTopics, QStringList{u"cyberwave/cloud-node/6c03af00-cf59/command"_s});
    }
}

void TestLinkSettings::aStrangerLogsInAs_data()
{
    QTest::addColumn<QString>("givenUser");
    QTest::addColumn<QString>("slugHint");
    QTest::addColumn<QString>("user"); // a pattern
    QTest::newRow("nothing given") << QString() << QString() << u"cloud-node-bootstrap-[0-9a-f]{8}"_s;
    QTest::newRow("a slug") << QString() << u"hint"_s << u"hint"_s;
    QTest::newRow("a user") << u"me"_s << QString() << u"me"_s;
    QTest::newRow("both") << u"me"_s << u"hint"_s << u"me"_s;
}

void TestLinkSettings::aStrangerLogsInAs()
{
    QFETCH(const QString, givenUser);
    QFETCH(const QString, slugHint);
    QFETCH(const QString, user);
    NodeConfig given = config();
    given.mqttUsername = givenUser;
    given.slugHint = slugHint;
    const LinkSettings settings = LinkSettings::ofStranger(given);
    const QRegularExpression pattern(QRegularExpression::anchoredPattern(user));
    QVERIFY2(pattern.match(settings.username).hasMatch(), qPrintable(settings.username));
    QCOMPARE(settings.password, u"the-token"_s);
    given.mqttPassword = u"secret"_s;
    QCOMPARE(LinkSettings::ofStranger(given).password, u"secret"_s);
}

void TestLinkSettings::aStrangerLeavesNothingBehind()
{
    const LinkSettings settings = LinkSettings::ofStranger(config());
    QCOMPARE(settings.commandTopics, QStringList());
    QCOMPARE(settings.willTopic, QString());
    QCOMPARE(settings.sessionExpiry, std::chrono::seconds(0));
    QCOMPARE(settings.host, u"broker.example"_s);
    QCOMPARE(settings.port, quint16{8883});
    QVERIFY(settings.useTls);
    QVERIFY(!settings.clientId.contains(u"the-token"_s));
}

/// A broker drops one client for another of the same id.
void TestLinkSettings::noTwoStrangersAreAlike()
{
    const QString one = LinkSettings::ofStranger(config()).clientId;
    QVERIFY(one.startsWith(u"cloudnode-bootstrap-"_s));
    QVERIFY(one != LinkSettings::ofStranger(config()).clientId);
}

QTEST_GUILESS_MAIN(TestLinkSettings)
#include "tst_linksettings.moc"
