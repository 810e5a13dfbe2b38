#include "base/jsontext.h"
#include "node/linewriter.h"
#include "support/waiting.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;

class TestLineWriter : public QObject {
    Q_OBJECT

private slots:
    void init();

    void writesSoon();
    void writesLinesOfOneFileInOnePiece();
    void writesWhatIsLeftAtTheEnd();
    void holdsOnlySoMuch();
    void saysWhatIsLost();

private:
    QString path(const QString &name) const { return m_folder->filePath(name); }
    QByteArray contents(const QString &name) const
    {
        QFile file(path(name));
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
    }

    static constexpr qint64 unlimited = 1 << 30;
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestLineWriter::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
}

void TestLineWriter::writesSoon()
{
    LineWriter writer(unlimited);
    writer.add(path(u"a"_s), R"({"n":1})");
    QCOMPARE(writer.pending(path(u"a"_s)), "{\"n\":1}\n");
    QVERIFY(!QFile::exists(path(u"a"_s)));
    WAIT_FOR_EQUAL(contents(u"a"_s), "{\"n\":1}\n");
    QCOMPARE(writer.pending(path(u"a"_s)), QByteArray());
}

void TestLineWriter::writesLinesOfOneFileInOnePiece()
{
    LineWriter writer(unlimited);
    QSignalSpy written(&writer, &LineWriter::written);
    for (int i = 0; i < 3; ++i) {
        writer.add(path(u"a"_s), JsonText().add("n", i).object());
        writer.add(path(u"b"_s), JsonText().add("n", i).object());
    }
    writer.writeAll();
    QCOMPARE(written.size(), 2); // one a file
    for (const QString &name : {u"a"_s, u"b"_s})
        QCOMPARE(contents(name), "{\"n\":0}\n{\"n\":1}\n{\"n\":2}\n");
}

void TestLineWriter::writesWhatIsLeftAtTheEnd()
{
    LineWriter(unlimited).add(path(u"a"_s), R"({"n":1})");
    QCOMPARE(contents(u"a"_s), "{\"n\":1}\n");
}

void TestLineWriter::holdsOnlySoMuch()
{
    LineWriter writer(unlimited);
    writer.add(path(u"a"_s), JsonText().add("text", QString(LineWriter::largestPiece, u'x')).object());
    QVERIFY(contents(u"a"_s).size() > LineWriter::largestPiece);
    LineWriter small(10);
    for (int i = 0; i < 3; ++i) {
        small.add(path(u"b"_s), R"({"text":"more than ten"})");
        small.writeAll();
    }
    QCOMPARE(contents(u"b"_s).count('\n'), 1);
}

void TestLineWriter::saysWhatIsLost()
{
    QVERIFY(QDir(m_folder->path()).mkdir(u"folder"_s));
    LineWriter writer(unlimited);
    QSignalSpy failed(&writer, &LineWriter::failed);
    writer.add(path(u"folder"_s), R"({"n":1})");
    WAIT_FOR(!failed.isEmpty());
    QCOMPARE(failed.first().first().toString(), path(u"folder"_s));
    QCOMPARE(failed.first().last().value<Error>().where, path(u"folder"_s));
}

QTEST_GUILESS_MAIN(TestLineWriter)
#include "tst_linewriter.moc"
