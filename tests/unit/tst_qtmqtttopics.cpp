#include <QMqttTopicFilter>
#include <QMqttTopicName>
#include <QTest>

using namespace Qt::Literals::StringLiterals;

/// Which topics and filters are valid, and which match: in Qt's own module and in core/qtmqtt alike.
class TestQtMqttTopics : public QObject {
    Q_OBJECT

private slots:
    void topicNames_data();
    void topicNames();
    void topicFilters_data();
    void topicFilters();
    void filtersMatch_data();
    void filtersMatch();
    void wildcardsCanSpareDollarTopics();
};

void TestQtMqttTopics::topicNames_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("valid");
    QTest::addColumn<int>("levels");
    QTest::newRow("is empty") << QString() << false << 0;
    QTest::newRow("has one level") << u"a"_s << true << 1;
    QTest::newRow("has three levels") << u"a/b/c"_s << true << 3;
    QTest::newRow("has empty levels") << u"/"_s << true << 2;
    QTest::newRow("belongs to the broker") << u"$SYS/broker"_s << true << 2;
    QTest::newRow("is not ASCII") << u"ä/日本語"_s << true << 2;
    QTest::newRow("holds +") << u"a/+"_s << false << 2;
    QTest::newRow("holds #") << u"a/#"_s << false << 2;
    QTest::newRow("holds a null character") << u"a"_s + QChar(QChar::Null) << false << 1;
    QTest::newRow("is as long as can be") << QString(65535, u'a') << true << 1;
    QTest::newRow("is too long") << QString(65536, u'a') << false << 1;
}

void TestQtMqttTopics::topicNames()
{
    QFETCH(QString, name);
    const QMqttTopicName topic(name);
    QCOMPARE(topic.name(), name);
    QTEST(topic.isValid(), "valid");
    QTEST(topic.levelCount(), "levels");
    QCOMPARE(topic.levels(), name.split(u'/'));
}

void TestQtMqttTopics::topicFilters_data()
{
    QTest::addColumn<QString>("filter");
    QTest::addColumn<bool>("valid");
    QTest::newRow("is empty") << QString() << false;
    QTest::newRow("is a topic") << u"a/b"_s << true;
    QTest::newRow("is everything") << u"#"_s << true;
    QTest::newRow("is one level") << u"+"_s << true;
    QTest::newRow("ends with #") << u"a/#"_s << true;
    QTest::newRow("has + inside") << u"a/+/c"_s << true;
    QTest::newRow("has # inside") << u"a/#/c"_s << false;
    QTest::newRow("has # beside text") << u"a#"_s << false;
    QTest::newRow("has + beside text") << u"a+/b"_s << false;
    QTest::newRow("holds a null character") << u"a"_s + QChar(QChar::Null) << false;
    QTest::newRow("is too long") << QString(65536, u'a') << false;
    QTest::newRow("is shared") << u"$share/pool/a/b"_s << true;
    QTest::newRow("is shared by nobody") << u"$share//a"_s << false;
    QTest::newRow("shares nothing") << u"$share/pool"_s << false;
}

void TestQtMqttTopics::topicFilters()
{
    QFETCH(QString, filter);
    QTEST(QMqttTopicFilter(filter).isValid(), "valid");
    QCOMPARE(QMqttTopicFilter(filter).filter(), filter);
}

void TestQtMqttTopics::filtersMatch_data()
{
    QTest::addColumn<QString>("filter");
    QTest::addColumn<QString>("topic");
    QTest::addColumn<bool>("matches");
    QTest::newRow("same") << u"a/b"_s << u"a/b"_s << true;
    QTest::newRow("other") << u"a/b"_s << u"a/c"_s << false;
    QTest::newRow("other case") << u"a/b"_s << u"a/B"_s << false;
    QTest::newRow("longer topic") << u"a"_s << u"a/b"_s << false;
    QTest::newRow("longer filter") << u"a/b"_s << u"a"_s << false;
    QTest::newRow("# takes everything") << u"#"_s << u"a/b/c"_s << true;
    QTest::newRow("# takes the rest") << u"a/#"_s << u"a/b/c"_s << true;
    QTest::newRow("# takes its parent") << u"a/#"_s << u"a"_s << true;
    QTest::newRow("# leaves other parents") << u"a/#"_s << u"ab"_s << false;
    QTest::newRow("+ takes one level") << u"a/+/c"_s << u"a/b/c"_s << true;
    QTest::newRow("+ takes an empty level") << u"a/+"_s << u"a/"_s << true;
    QTest::newRow("+ does not take two levels") << u"a/+"_s << u"a/b/c"_s << false;
    QTest::newRow("+ does not take its parent") << u"a/+"_s << u"a"_s << false;
    QTest::newRow("two + take two levels") << u"+/+"_s << u"/b"_s << true;
    QTest::newRow("topic is invalid") << u"#"_s << u"a/#"_s << false;
    QTest::newRow("filter is invalid") << u"a#"_s << u"a#"_s << false;
}

void TestQtMqttTopics::filtersMatch()
{
    QFETCH(QString, filter);
    QFETCH(QString, topic);
    QTEST(QMqttTopicFilter(filter).match(QMqttTopicName(topic)), "matches");
}

void TestQtMqttTopics::wildcardsCanSpareDollarTopics()
{
    const QMqttTopicName ofTheBroker(u"$SYS/load"_s);
    constexpr auto sparing = QMqttTopicFilter::WildcardsDontMatchDollarTopicMatchOption;
    QVERIFY(QMqttTopicFilter(u"#"_s).match(ofTheBroker));
    QVERIFY(!QMqttTopicFilter(u"#"_s).match(ofTheBroker, sparing));
    QVERIFY(!QMqttTopicFilter(u"+/load"_s).match(ofTheBroker, sparing));
    QVERIFY(QMqttTopicFilter(u"$SYS/#"_s).match(ofTheBroker, sparing));
}

QTEST_GUILESS_MAIN(TestQtMqttTopics)
#include "tst_qtmqtttopics.moc"
