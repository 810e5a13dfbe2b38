#include "node/workloadenvironment.h"

#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;

class TestWorkloadEnvironment : public QObject {
    Q_OBJECT

private slots:
    void passesOnly_data();
    void passesOnly();
    void exposesTheTokenIfAsked();
};

namespace {

SecretMask maskFor(const NodeConfig &config)
{
    return SecretMask({config.apiToken.toUtf8(), config.mqttPassword.toUtf8()});
}

} // namespace

void TestWorkloadEnvironment::passesOnly_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("value");
    QTest::addColumn<bool>("passed");
    QTest::newRow("an ordinary variable") << u"CUDA_VISIBLE_DEVICES"_s << u"0"_s << true;
    QTest::newRow("where the backend is") << u"CYBERWAVE_API_URL"_s << u"https://x"_s << true;
    QTest::newRow("the token") << u"CYBERWAVE_API_TOKEN"_s << u"the-node-token"_s << false;
    QTest::newRow("the token under its newer name") << u"CYBERWAVE_API_KEY"_s << u"the-node-token"_s << false;
    QTest::newRow("another token under that name") << u"CYBERWAVE_API_KEY"_s << u"another"_s << false;
    QTest::newRow("the broker's password") << u"CYBERWAVE_MQTT_PASSWORD"_s << u"broker-password"_s << false;
    QTest::newRow("the token in a variable of the owner's")
        << u"MY_HEADER"_s << u"Token the-node-token"_s << false;
}

void TestWorkloadEnvironment::passesOnly()
{
    QFETCH(QString, name);
    QFETCH(QString, value);
    QFETCH(bool, passed);
    NodeConfig config;
    config.apiToken = u"the-node-token"_s;
    config.mqttPassword = u"broker-password"_s;
    QProcessEnvironment own;
    own.insert(name, value);
    QCOMPARE(workloadEnvironment(config, maskFor(config), own).contains(name), passed);
    // The same from a .env file.
    config.dotEnv.insert(name, value);
    QCOMPARE(workloadEnvironment(config, maskFor(config), {}).contains(name), passed);
}

void TestWorkloadEnvironment::exposesTheTokenIfAsked()
{
    NodeConfig config;
    config.apiToken = u"the-node-token"_s;
    config.exposeApiToken = true;
    const QProcessEnvironment environment = workloadEnvironment(config, maskFor(config), {});
    QCOMPARE(environment.value(u"CYBERWAVE_API_TOKEN"_s), u"the-node-token"_s);
    QCOMPARE(environment.value(u"CYBERWAVE_API_KEY"_s), u"the-node-token"_s);
}

QTEST_GUILESS_MAIN(TestWorkloadEnvironment)
#include "tst_workloadenvironment.moc"
