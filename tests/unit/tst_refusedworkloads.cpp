#include "node/refusedworkloads.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;

class TestRefusedWorkloads : public QObject {
    Q_OBJECT

private slots:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void outliveTheNode();
    void areForOneUserOnly();
    void keepTheLatestReason();
    void areGoneOnceTold();
    void stayInsideTheirFolder_data();
    void stayInsideTheirFolder();
    void areBounded();
    void leaveOutWhatIsDamaged();
    void sayThatTheDiskRefuses();

private:
    QString folder() const { return m_folder->filePath(u"refusals"_s); }
    QStringList files() const { return QDir(folder()).entryList(QDir::Files | QDir::Hidden); }
    RefusedWorkloads recovered() const
    {
        RefusedWorkloads refused(folder());
        if (const auto read = refused.recover(); !read)
            qFatal("%s", qPrintable(read.error().text()));
        return refused;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestRefusedWorkloads::outliveTheNode()
{
    RefusedWorkloads refused = recovered();
    QVERIFY(refused.all().isEmpty());
    QVERIFY(refused.add(u"w1"_s, u"busy"_s));
    QVERIFY(refused.add(u"w2"_s, u"no command für training"_s));
    const QMap<QString, QString> expected{{u"w1"_s, u"busy"_s}, {u"w2"_s, u"no command für training"_s}};
    QCOMPARE(refused.all(), expected);
    QCOMPARE(recovered().all(), expected);
}

void TestRefusedWorkloads::areForOneUserOnly()
{
    QVERIFY(recovered().add(u"w1"_s, u"busy"_s));
    struct stat folderStat {};
    struct stat fileStat {};
    QCOMPARE(::stat(QFile::encodeName(folder()).constData(), &folderStat), 0);
    QCOMPARE(::stat(QFile::encodeName(folder() + u'/' + files().value(0)).constData(), &fileStat), 0);
    QCOMPARE(folderStat.st_mode & 0777U, 0700U);
    QCOMPARE(fileStat.st_mode & 0777U, 0600U);
}

void TestRefusedWorkloads::keepTheLatestReason()
{
    RefusedWorkloads refused = recovered();
    QVERIFY(refused.add(u"w1"_s, u"busy"_s));
    QVERIFY(refused.add(u"w1"_s, u"paused"_s));
    QCOMPARE(files().size(), 1);
    QCOMPARE(recovered().all().value(u"w1"_s), u"paused"_s);
}

void TestRefusedWorkloads::areGoneOnceTold()
{
    RefusedWorkloads refused = recovered();
    QVERIFY(refused.add(u"w1"_s, u"busy"_s));
    refused.remove(u"w2"_s); // not there: no matter
    QCOMPARE(files().size(), 1);
    refused.remove(u"w1"_s);
    QVERIFY(refused.all().isEmpty());
    QCOMPARE(files(), QStringList());
    QVERIFY(recovered().all().isEmpty());
}

void TestRefusedWorkloads::stayInsideTheirFolder_data()
{
    QTest::addColumn<QString>("uuid");
    QTest::newRow("climbs out") << u"../../etc/passwd"_s;
    QTest::newRow("is a path") << u"/tmp/x"_s;
    QTest::newRow("has a zero") << QString(u"a\0b"_s);
    QTest::newRow("is long") << QString(5000, u'w');
    QTest::newRow("is of no alphabet") << u"🦊\n"_s;
}

void TestRefusedWorkloads::stayInsideTheirFolder()
{
    QFETCH(const QString, uuid);
    RefusedWorkloads refused = recovered();
    QVERIFY(refused.add(uuid, u"busy"_s));
    QCOMPARE(files().size(), 1);
    QCOMPARE(QDir(m_folder->path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot),
             QStringList{u"refusals"_s});
    QCOMPARE(recovered().all().firstKey(), uuid);
    refused.remove(uuid);
    QCOMPARE(files(), QStringList());
}

void TestRefusedWorkloads::areBounded()
{
    RefusedWorkloads refused = recovered();
    for (qsizetype i = 0; i < RefusedWorkloads::capacity; ++i)
        QVERIFY(refused.add(u"w%1"_s.arg(i), u"busy"_s));
    const auto oneMore = refused.add(u"one more"_s, u"busy"_s);
    QVERIFY(!oneMore);
    QCOMPARE(oneMore.error().where, folder());
    QVERIFY(refused.add(u"w0"_s, u"paused"_s)); // it is there already
    QCOMPARE(files().size(), RefusedWorkloads::capacity);
    refused.remove(u"w1"_s);
    QVERIFY(refused.add(u"one more"_s, u"busy"_s));
}

void TestRefusedWorkloads::leaveOutWhatIsDamaged()
{
    QVERIFY(recovered().add(u"w1"_s, u"busy"_s));
    for (const auto &[name, content] :
         {std::pair{u"torn.json"_s, QByteArray(R"({"workload_uu)")}, std::pair{u"empty.json"_s, QByteArray()},
          std::pair{u"nameless.json"_s, QByteArray(R"({"reason": "busy"})")}}) {
        QFile file(folder() + u'/' + name);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(content);
    }
    QCOMPARE(recovered().all().keys(), QStringList{u"w1"_s});
    QCOMPARE(files().size(), 1);
}

void TestRefusedWorkloads::sayThatTheDiskRefuses()
{
    RefusedWorkloads refused = recovered();
    QVERIFY(QDir(folder()).removeRecursively());
    const auto added = refused.add(u"w1"_s, u"busy"_s);
    QVERIFY(!added);
    QCOMPARE(refused.all().keys(), QStringList{u"w1"_s}); // it can still be told, as long as we live

    QFile inTheWay(folder());
    QVERIFY(inTheWay.open(QIODevice::WriteOnly));
    QVERIFY(!RefusedWorkloads(folder()).recover());
}

QTEST_GUILESS_MAIN(TestRefusedWorkloads)
#include "tst_refusedworkloads.moc"
