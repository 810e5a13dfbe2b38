#include "samples.h"
#include "ui/look/elidedlabel.h"
#include "ui/window/brokercard.h"

#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;

namespace {

constexpr qint64 megabyte = 1'000'000;

QStringList facts(const BrokerCard &card)
{
    QStringList all;
    for (const ElidedLabel *label : card.findChildren<ElidedLabel *>())
        all << label->text();
    return all;
}

} // namespace

/// What the card says of what has not reached the cloud yet.
class TestBrokerCard : public QObject {
    Q_OBJECT

private slots:
    void tellsWhatWaits_data();
    void tellsWhatWaits();
    void saysNothingWithoutANode();
};

void TestBrokerCard::tellsWhatWaits_data()
{
    QTest::addColumn<int>("results");
    QTest::addColumn<QList<WorkloadUpload>>("uploads");
    QTest::addColumn<QString>("fact");
    const WorkloadUpload first{.key = u"a"_s,
                               .files = 2,
                               .filesDone = 1,
                               .bytes = 8 * megabyte,
                               .bytesDone = megabyte,
                               .problem = {}};
    const WorkloadUpload second{
        .key = u"b"_s, .files = 3, .filesDone = 3, .bytes = 0, .bytesDone = 0, .problem = u"busy"_s};
    QTest::newRow("nothing") << 0 << QList<WorkloadUpload>{} << u"All results delivered"_s;
    QTest::newRow("a result") << 1 << QList<WorkloadUpload>{} << u"1 result waits to be sent"_s;
    QTest::newRow("files of two workloads") << 0 << QList{first, second} << u"Uploading files: 4 of 5 done"_s;
    QTest::newRow("both") << 2 << QList{first} << u"2 results wait to be sent"_s;
}

void TestBrokerCard::tellsWhatWaits()
{
    QFETCH(const int, results);
    QFETCH(const QList<WorkloadUpload>, uploads);
    QFETCH(const QString, fact);
    NodeSnapshot node = samples::readyNode();
    node.unreportedResults = results;
    node.uploads = uploads;
    BrokerCard card;
    card.tell(node);
    QVERIFY2(facts(card).contains(fact), qPrintable(facts(card).join(u'\n')));
}

void TestBrokerCard::saysNothingWithoutANode()
{
    BrokerCard card;
    card.tell(samples::readyNode());
    card.tell({});
    QStringList said = facts(card);
    said.removeAll(QString());
    QCOMPARE(said, QStringList{u"Not connected"_s});
}

QTEST_MAIN(TestBrokerCard)
#include "tst_brokercard.moc"
