#include "wire/topics.h"

#include <QTest>

using namespace Qt::Literals::StringLiterals;
using cloudnode::Topics;

class TestTopics : public QObject {
    Q_OBJECT

private slots:
    void prefix_data();
    void prefix();
    void usableIds_data();
    void usableIds();
};

void TestTopics::prefix_data()
{
    QTest::addColumn<QString>("environment");
    QTest::addColumn<QString>("topic");
    QTest::newRow("none") << u""_s << u"cyberwave/cloud-node/n/command"_s;
    QTest::newRow("production is none") << u"production"_s << u"cyberwave/cloud-node/n/command"_s;
    QTest::newRow("in any case") << u"Production"_s << u"cyberwave/cloud-node/n/command"_s;
    QTest::newRow("no separator of ours") << u"local"_s << u"localcyberwave/cloud-node/n/command"_s;
    QTest::newRow("the owner's separator") << u"dev/"_s << u"dev/cyberwave/cloud-node/n/command"_s;
    QTest::newRow("blanks around it") << u"  dev \n"_s << u"devcyberwave/cloud-node/n/command"_s;
}

void TestTopics::prefix()
{
    QFETCH(QString, environment);
    QFETCH(QString, topic);
    const Topics topics(environment);
    QCOMPARE(topics.command(u"n"_s), topic);
    QCOMPARE(topics.response(u"n"_s), topic.replace(u"command"_s, u"response"_s));
}

void TestTopics::usableIds_data()
{
    QTest::addColumn<QString>("id");
    QTest::addColumn<bool>("usable");
    QTest::newRow("a slug") << u"my-gpu-node"_s << true;
    QTest::newRow("empty") << u""_s << false;
    QTest::newRow("reaches into another level") << u"a/b"_s << false;
    QTest::newRow("everyone's") << u"+"_s << false;
    QTest::newRow("everything") << u"#"_s << false;
    QTest::newRow("a NUL") << QString(QChar(0)) << false;
}

void TestTopics::usableIds()
{
    QFETCH(QString, id);
    QFETCH(bool, usable);
    QCOMPARE(Topics::isUsable(id), usable);
}

QTEST_GUILESS_MAIN(TestTopics)
#include "tst_topics.moc"
