#include "base/nearestword.h"

#include <QTest>

using namespace Qt::Literals::StringLiterals;

class TestNearestWord : public QObject {
    Q_OBJECT

private slots:
    void nearestWord_data();
    void nearestWord();
};

void TestNearestWord::nearestWord_data()
{
    QTest::addColumn<QString>("word");
    QTest::addColumn<QString>("nearest"); // empty: none
    QTest::newRow("a letter is missing") << u"mqtt_prt"_s << u"mqtt_port"_s;
    QTest::newRow("a letter too many") << u"mqtt_hostt"_s << u"mqtt_host"_s;
    QTest::newRow("letters swapped") << u"trianing"_s << u"training"_s;
    QTest::newRow("another separator") << u"mqtt-host"_s << u"mqtt_host"_s;
    QTest::newRow("in capitals") << u"TRAINING"_s << u"training"_s;
    QTest::newRow("the word itself") << u"training"_s << u"training"_s;
    QTest::newRow("nothing like it") << u"provider"_s << QString();
    QTest::newRow("empty") << QString() << QString();
    QTest::newRow("endless") << QString(100'000, u'm') << QString();
}

void TestNearestWord::nearestWord()
{
    QFETCH(QString, word);
    QTEST(cloudnode::nearestWord(word, {u"training"_s, u"mqtt_port"_s, u"mqtt_host"_s}), "nearest");
}

QTEST_GUILESS_MAIN(TestNearestWord)
#include "tst_nearestword.moc"
