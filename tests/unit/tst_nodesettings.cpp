#include "node/nodesettings.h"

#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;

class TestNodeSettings : public QObject {
    Q_OBJECT

private slots:
    void whatTravelsUnencrypted_data();
    void whatTravelsUnencrypted();
    void aUrlsPasswordIsNoFact();
};

void TestNodeSettings::whatTravelsUnencrypted_data()
{
    QTest::addColumn<QString>("apiUrl");
    QTest::addColumn<QString>("broker");
    QTest::addColumn<bool>("useTls");
    QTest::addColumn<QStringList>("dangers");
    const QString link = u"the connection to mqtt.example.org is not encrypted"_s;
    const QString token = u"the API token travels to api.example.org without encryption"_s;
    QTest::newRow("nothing") << u"https://api.example.org"_s << u"mqtt.example.org"_s << true
                             << QStringList();
    QTest::newRow("commands") << u"https://api.example.org"_s << u"mqtt.example.org"_s << false
                              << QStringList{link};
    QTest::newRow("the token") << u"http://api.example.org"_s << u"mqtt.example.org"_s << true
                               << QStringList{token};
    QTest::newRow("both") << u"http://api.example.org"_s << u"mqtt.example.org"_s << false
                          << QStringList{link, token};
    QTest::newRow("all within this computer")
        << u"http://127.0.0.1:8000"_s << u"localhost"_s << false << QStringList();
    QTest::newRow("and by its other address") << u"http://[::1]:8000"_s << u"::1"_s << false << QStringList();
}

void TestNodeSettings::whatTravelsUnencrypted()
{
    QFETCH(const QString, apiUrl);
    QFETCH(const QString, broker);
    QFETCH(const bool, useTls);
    QFETCH(const QStringList, dangers);
    NodeConfig config;
    config.apiUrl = QUrl(apiUrl);
    config.mqttHost = broker;
    config.mqttUseTls = useTls;
    QStringList found;
    for (const Error &danger : nodesettings::unencrypted(config, LinkSettings::ofStranger(config))) {
        QVERIFY(!danger.remedy.isEmpty());
        found << danger.what;
    }
    QCOMPARE(found, dangers);
}

void TestNodeSettings::aUrlsPasswordIsNoFact()
{
    NodeConfig config;
    config.apiUrl = QUrl(u"https://ada:secret@api.example.org/v1"_s);
    QCOMPARE(nodesettings::facts(config).apiUrl, u"https://api.example.org/v1"_s);
}

QTEST_GUILESS_MAIN(TestNodeSettings)
#include "tst_nodesettings.moc"
