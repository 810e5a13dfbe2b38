#include "sandbox/brokerprocess.h"

#include <QSignalSpy>
#include <QTcpSocket>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using cloudnode::sandbox::BrokerProcess;

class TestBrokerProcess : public QObject {
    Q_OBJECT

private slots:
    void comesBackOnTheSamePort();
    void saysWhyItCannotStart();
};

void TestBrokerProcess::comesBackOnTheSamePort()
{
    BrokerProcess broker;
    QSignalSpy ready(&broker, &BrokerProcess::ready);
    broker.start();
    QVERIFY(ready.wait());
    const quint16 port = broker.port();
    broker.kill();
    broker.start();
    QVERIFY(ready.wait());
    QCOMPARE(broker.port(), port);
    broker.stop();
    QCOMPARE(broker.processId(), 0);
}

void TestBrokerProcess::saysWhyItCannotStart()
{
    BrokerProcess broker({.port = 0, .extraLines = {u"no_such_option"_s}});
    QSignalSpy failed(&broker, &BrokerProcess::failed);
    broker.start();
    QVERIFY(failed.wait());
    QVERIFY(failed.first().first().value<cloudnode::Error>().what.contains(u"no_such_option"_s));
}

QTEST_GUILESS_MAIN(TestBrokerProcess)
#include "tst_brokerprocess.moc"
