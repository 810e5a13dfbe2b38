#include "cloud/commandlink.h"
#include "node/responsesender.h"
#include "sandbox/brokerprocess.h"
#include "support/waiting.h"

#include <QSignalSpy>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;
using sandbox::BrokerProcess;

/// Responses on their way to a real broker.
class TestResponseSender : public QObject {
    Q_OBJECT

private slots:
    void oneThatIsTooLargeKeepsNoOtherWaiting();
};

void TestResponseSender::oneThatIsTooLargeKeepsNoOtherWaiting()
{
    BrokerProcess broker({.port = 0, .extraLines = {u"max_packet_size 2000"_s}});
    QSignalSpy ready(&broker, &BrokerProcess::ready);
    broker.start();
    WAIT_FOR_EQUAL(ready.count(), 1);
    LinkSettings settings;
    settings.host = u"127.0.0.1"_s;
    settings.port = broker.port();
    settings.clientId = u"node"_s;

    CommandLink link;
    QSignalSpy warnings(&link, &CommandLink::warning);
    ResponseSender sender(link);
    sender.setTopic(u"response"_s);
    QStringList delivered;
    const auto send = [&](const QString &name, qsizetype size) {
        sender.send([size] { return QByteArray(size, 'x'); }, [&delivered, name] { delivered << name; });
    };
    send(u"large"_s, 3000);
    send(u"small"_s, 100);
    link.open(settings);
    WAIT_FOR(!delivered.isEmpty());
    send(u"later"_s, 100);
    WAIT_FOR_EQUAL(delivered, QStringList({u"small"_s, u"later"_s}));
    QCOMPARE(sender.waiting(), 1);
    QCOMPARE(warnings.count(), 1); // not with every other one
}

QTEST_GUILESS_MAIN(TestResponseSender)
#include "tst_responsesender.moc"
