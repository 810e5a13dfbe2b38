#include "integration/linktest.h"
#include "integration/tcprelay.h"
#include "integration/testcertificates.h"

#include <QElapsedTimer>
#include <QSignalSpy>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;
using namespace cloudnode::test;
using cloudnode::CommandLink;
using cloudnode::LinkSettings;
using cloudnode::patience;

/// What keeps a CommandLink from coming up or staying up, and what it says and does then.
class TestCommandLinkTroubles : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();

    void saysWhatIsWrongWithCredentials();
    void saysWhatIsWrongWithTls_data();
    void saysWhatIsWrongWithTls();
    void saysThatNobodyListens();

    void givesUpOnASilentServer();
    void goesAwayInTheMiddleOfAnAttempt();
    void closesAStalledLink();
    void backsOffWhenKicked();
    void startsOverOnceStable();

private:
    std::unique_ptr<BrokerProcess> m_broker;
    TestCertificates m_certificates;
};

void TestCommandLinkTroubles::initTestCase()
{
    m_broker = std::make_unique<BrokerProcess>();
    QVERIFY(start(*m_broker));
    QVERIFY(m_certificates.makeAuthority(u"ca"_s));
    QVERIFY(m_certificates.makeAuthority(u"stranger"_s));
    QVERIFY(m_certificates.makeCertificate(u"here"_s, u"ca"_s, u"IP:127.0.0.1"_s));
}

void TestCommandLinkTroubles::saysWhatIsWrongWithCredentials()
{
    QTemporaryDir folder;
    const QString file = folder.filePath(u"passwords"_s);
    QCOMPARE(QProcess::execute(u"mosquitto_passwd"_s, {u"-b"_s, u"-c"_s, file, u"node"_s, u"secret"_s}), 0);
    BrokerProcess broker({.port = 0, .extraLines = {u"allow_anonymous false"_s, u"password_file "_s + file}});
    QVERIFY(start(broker));
    LinkSettings settings = settingsFor(broker.port());
    settings.username = u"node"_s;
    settings.password = u"guess"_s;
    CommandLink link(hasty);
    QSignalSpy down(&link, &CommandLink::down);
    link.open(settings);
    QVERIFY(down.wait(patience));
    QCOMPARE(link.failures(), 1);
    QVERIFY(errorIn(down).what.contains(u"refuses our user name and password"_s));
    QVERIFY(errorIn(down).remedy.contains(u"mqtt_password"_s));
    QVERIFY(!errorIn(down).text().contains(u"guess"_s));
    settings.password = u"secret"_s;
    QVERIFY(comesUp(link, settings));
}

void TestCommandLinkTroubles::saysWhatIsWrongWithTls_data()
{
    QTest::addColumn<QString>("authority");
    QTest::addColumn<QString>("what");
    QTest::addColumn<QString>("remedy");
    QTest::newRow("the right authority") << u"ca"_s << QString() << QString();
    QTest::newRow("another authority")
        << u"stranger"_s << u"no secure connection"_s << u"mqtt_tls_ca_certs"_s;
    QTest::newRow("no such file") << u"missing"_s << u"no certificate"_s << u"mqtt_tls_ca_certs"_s;
}

void TestCommandLinkTroubles::saysWhatIsWrongWithTls()
{
    QFETCH(QString, authority);
    QFETCH(QString, what);
    QFETCH(QString, remedy);
    BrokerProcess broker({.port = 0,
                          .extraLines = {u"certfile "_s + m_certificates.certificatePath(u"here"_s),
                                         u"keyfile "_s + m_certificates.keyPath(u"here"_s)}});
    QVERIFY(start(broker));
    LinkSettings settings = settingsFor(broker.port());
    settings.useTls = true;
    settings.tls.keys = u"mqtt_tls"_s;
    settings.tls.caCertificates = m_certificates.certificatePath(authority);
    CommandLink link(hasty);
    QSignalSpy down(&link, &CommandLink::down);
    if (what.isEmpty()) {
        QVERIFY(comesUp(link, settings));
        return;
    }
    link.open(settings);
    QVERIFY(down.wait(patience));
    QVERIFY2(errorIn(down).what.contains(what), qPrintable(errorIn(down).text()));
    QVERIFY2(errorIn(down).what.contains(u"certificate"_s), qPrintable(errorIn(down).text()));
    QVERIFY(errorIn(down).remedy.contains(remedy));
}

void TestCommandLinkTroubles::saysThatNobodyListens()
{
    QTcpServer placeholder;
    QVERIFY(placeholder.listen(QHostAddress::LocalHost));
    const LinkSettings settings = settingsFor(placeholder.serverPort());
    placeholder.close();
    CommandLink link(hasty);
    QSignalSpy down(&link, &CommandLink::down);
    link.open(settings);
    QVERIFY(down.wait(patience));
    QVERIFY2(errorIn(down).what.contains(u"refused"_s), qPrintable(errorIn(down).text()));
    QVERIFY(errorIn(down).remedy.contains(u"mqtt_port"_s));
}

void TestCommandLinkTroubles::givesUpOnASilentServer()
{
    QTcpServer silent;
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    CommandLink link({.firstRetry = 10ms, .longestRetry = 20ms, .attemptLimit = 50ms});
    QSignalSpy down(&link, &CommandLink::down);
    link.open(settingsFor(silent.serverPort()));
    WAIT_FOR(down.count() >= 3);
    QVERIFY(errorIn(down).what.contains(u"no answer"_s));
    QVERIFY(link.failures() >= 3);
    WAIT_FOR(silent.hasPendingConnections());
    const QTcpSocket *first = silent.nextPendingConnection();
    WAIT_FOR_EQUAL(first->state(), QAbstractSocket::UnconnectedState);
}

void TestCommandLinkTroubles::goesAwayInTheMiddleOfAnAttempt()
{
    QTcpServer silent;
    QVERIFY(silent.listen(QHostAddress::LocalHost));
    QSignalSpy reached(&silent, &QTcpServer::newConnection);
    auto link = std::make_unique<CommandLink>();
    link->open(settingsFor(silent.serverPort()));
    QVERIFY(reached.wait(patience));
    link.reset();
    const QTcpSocket *line = silent.nextPendingConnection();
    WAIT_FOR_EQUAL(line->state(), QAbstractSocket::UnconnectedState);
}

void TestCommandLinkTroubles::closesAStalledLink()
{
    const QByteArray payload(4 << 20, 'x');
    for (int i = 0; i < 5; ++i) { // so often that waiting for even a part of it runs into the test's limit
        TcpRelay relay(m_broker->port());
        CommandLink link(hasty);
        QVERIFY(comesUp(link, settingsFor(relay.port())));
        relay.freeze();
        for (int j = 0; j < 3; ++j) // more than the system's buffers take
            QVERIFY(link.publish(u"answer"_s, payload));
        QCoreApplication::processEvents();
        link.close();
        QVERIFY(!link.isUp());
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    }
}

void TestCommandLinkTroubles::backsOffWhenKicked()
{
    const LinkSettings settings = settingsFor(m_broker->port());
    CommandLink link({.firstRetry = 1ms, .longestRetry = 400ms});
    QSignalSpy up(&link, &CommandLink::up);
    QSignalSpy down(&link, &CommandLink::down);
    QElapsedTimer sinceDown;
    connect(&link, &CommandLink::down, this, [&] { sinceDown.start(); });
    QVERIFY(comesUp(link, settings));
    constexpr int kicks = 12; // 1 ms doubled so often is far beyond the longest
    for (int i = 0; i < kicks; ++i) {
        QMqttClient rival;
        rival.setHostname(settings.host);
        rival.setPort(settings.port);
        rival.setClientId(settings.clientId);
        rival.connectToHost();
        WAIT_FOR_EQUAL(down.count(), i + 1);
        WAIT_FOR_EQUAL(up.count(), i + 2);
    }
    QVERIFY(sinceDown.elapsed() >= 150); // half of the longest, less what a coarse timer may be early
    QVERIFY(errorIn(down).remedy.contains(u"identity"_s));
    QCOMPARE(link.failures(), 0);
}

void TestCommandLinkTroubles::startsOverOnceStable()
{
    TcpRelay relay(m_broker->port());
    CommandLink link({.firstRetry = 1ms, .longestRetry = 24h, .stableAfter = 1ms});
    QSignalSpy up(&link, &CommandLink::up);
    QSignalSpy acknowledged(&link, &CommandLink::acknowledged);
    QVERIFY(comesUp(link, settingsFor(relay.port())));
    for (int i = 0; i < 25; ++i) { // without starting over, the last pause would be hours long
        WAIT_FOR_EQUAL(up.count(), i + 1);
        for (int j = 0; j < 3; ++j) {
            QVERIFY(link.publish(u"answer"_s, "x"));
            QVERIFY(acknowledged.wait(patience));
        }
        relay.cut();
    }
    WAIT_FOR_EQUAL(up.count(), 26);
}

QTEST_GUILESS_MAIN(TestCommandLinkTroubles)
#include "tst_commandlinktroubles.moc"
