#include "cloud/commandlink.h"
#include "faults/othernetwork.h"
#include "sandbox/brokerprocess.h"

#include <QSignalSpy>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;
using namespace cloudnode;
using namespace cloudnode::faults;

/// A cable is pulled: both ends believe in the connection, and no packet gets through.
class TestHalfOpen : public QObject {
    Q_OBJECT

private slots:
    void theLinkNoticesAndComesBack();
};

namespace {

constexpr int patience = 120'000; // ms
constexpr int port = 18830;

} // namespace

void TestHalfOpen::theLinkNoticesAndComesBack()
{
    const auto network = OtherNetwork::make();
    if (!network)
        QSKIP(qPrintable(u"no half-open connection can be made here: "_s + network.error().text()));

    sandbox::BrokerProcess broker(
        {.port = 0,
         .extraLines = {u"listener %1 %2"_s.arg(port).arg(QLatin1StringView(OtherNetwork::theirAddress))}});
    QSignalSpy ready(&broker, &sandbox::BrokerProcess::ready);
    {
        const OtherNetwork::Visit visit(**network);
        broker.start();
    }
    QVERIFY(ready.wait(patience));

    LinkSettings settings;
    settings.host = QLatin1StringView(OtherNetwork::theirAddress);
    settings.port = port;
    settings.clientId = u"half-open"_s;
    settings.commandTopics = {u"half-open/command"_s};
    settings.keepAlive = 5s; // the least that the protocol library allows
    CommandLink link({.firstRetry = 50ms, .longestRetry = 500ms, .attemptLimit = 1000ms});
    QSignalSpy up(&link, &CommandLink::up);
    QSignalSpy down(&link, &CommandLink::down);
    QSignalSpy acknowledged(&link, &CommandLink::acknowledged);
    link.open(settings);
    QTRY_COMPARE_WITH_TIMEOUT(up.count(), 1, patience);

    QVERIFY((*network)->pullCable());
    QVERIFY(link.publish(u"half-open/answer"_s, "lost")); // nobody knows yet
    QTRY_VERIFY_WITH_TIMEOUT(down.count() >= 1, patience);
    QVERIFY2(down.first().first().value<Error>().what.contains(u"stopped answering"_s),
             qPrintable(down.first().first().value<Error>().text()));
    QTRY_VERIFY_WITH_TIMEOUT(link.failures() >= 3, patience); // it goes on trying
    QCOMPARE(acknowledged.count(), 0);

    QVERIFY((*network)->plugCable());
    QTRY_COMPARE_WITH_TIMEOUT(up.count(), 2, patience);
    QVERIFY(link.publish(u"half-open/answer"_s, "kept"));
    QTRY_COMPARE_WITH_TIMEOUT(acknowledged.count(), 1, patience);
}

QTEST_GUILESS_MAIN(TestHalfOpen)
#include "tst_halfopen.moc"
