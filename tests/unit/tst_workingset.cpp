#include "platform/workingset.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QRegularExpression>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
namespace workingset = cloudnode::workingset;

class TestWorkingSet : public QObject {
    Q_OBJECT

private slots:
    void isSmallerThen();
    void everythingGoesOn();
};

namespace {

/// KiB of programs and libraries that are in memory for this process.
qint64 residentCode()
{
    QFile maps(u"/proc/self/smaps"_s);
    if (!maps.open(QIODevice::ReadOnly))
        qFatal("cannot read /proc/self/smaps");
    static const QRegularExpression mapping(u"^[0-9a-f]+-[0-9a-f]+ r-xp .* /"_s);
    qint64 sum = 0;
    bool isCode = false;
    for (const QByteArray &line : maps.readAll().split('\n')) {
        if (line.contains('-') && !line.startsWith("Rss"))
            isCode = mapping.match(QString::fromLatin1(line)).hasMatch();
        else if (isCode && line.startsWith("Rss:"))
            sum += line.mid(4).simplified().split(' ').first().toLongLong();
    }
    return sum;
}

QByteArray someWork()
{
    const QJsonObject object{{u"text"_s, u"x"_s.repeated(1000)}, {u"number"_s, 1.5}};
    return QJsonDocument::fromJson(QJsonDocument(object).toJson()).toJson(QJsonDocument::Compact);
}

} // namespace

void TestWorkingSet::isSmallerThen()
{
    (void)someWork();
    const qint64 before = residentCode();
    workingset::shrink();
    const qint64 after = residentCode();
    QVERIFY2(after < before / 2, qPrintable(u"%1 KiB before, %2 KiB after"_s.arg(before).arg(after)));
}

void TestWorkingSet::everythingGoesOn()
{
    const QByteArray before = someWork();
    const QByteArray mine(1 << 20, 'x'); // what has been written is not let go
    workingset::shrink();
    QCOMPARE(someWork(), before);
    QCOMPARE(mine.count('x'), 1 << 20);
}

QTEST_GUILESS_MAIN(TestWorkingSet)
#include "tst_workingset.moc"
