#include "ui/logview/logdocument.h"

#include <QTemporaryDir>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;

class TestLogDocument : public QObject {
    Q_OBJECT

private slots:
    void init();
    void readsForwardAndBackward_data();
    void readsForwardAndBackward();
    void mixesStreamsAsTheyGrow();
    void waitsForTheRestOfALine();
    void readsAGigabyteByWindow();
    void noticesThatAFileWasReplaced();
    void readsOneStreamOnly();
    void missingFilesAreEmpty();

private:
    void append(const QString &path, const QByteArray &text);
    static QStringList texts(const QList<LogLine> &lines);

    std::unique_ptr<QTemporaryDir> m_folder;
    LogPaths m_paths;
};

void TestLogDocument::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_paths = {m_folder->filePath(u"out"_s), m_folder->filePath(u"err"_s)};
}

void TestLogDocument::append(const QString &path, const QByteArray &text)
{
    QFile file(path);
    QVERIFY(file.open(QIODevice::Append));
    QCOMPARE(file.write(text), text.size());
}

QStringList TestLogDocument::texts(const QList<LogLine> &lines)
{
    QStringList result;
    for (const LogLine &line : lines)
        result.append((line.isError ? u"! "_s : QString()) + line.text);
    return result;
}

void TestLogDocument::readsForwardAndBackward_data()
{
    QTest::addColumn<QByteArray>("bytes");
    const qsizetype piece = LogDocument::pieceBytes;
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("one line without an end") << QByteArray("abc");
    QTest::newRow("short lines") << QByteArray("one\ntwo\n\nfour\n");
    QTest::newRow("a line as long as a piece") << QByteArray(piece, 'x') + "\nend\n";
    QTest::newRow("a line of many pieces")
        << QByteArray("start\n") + QByteArray(piece * 5 + 7, 'x') + "\nend\n";
    QTest::newRow("no line break at all") << QByteArray(piece * 9 + 1, 'x');
    QTest::newRow("characters across pieces")
        << QByteArray("€").repeated(20'000) + "\n" + QByteArray("ä").repeated(9'000);
    QTest::newRow("many lines") << QByteArray("line of text\n").repeated(30'000);
}

void TestLogDocument::readsForwardAndBackward()
{
    QFETCH(QByteArray, bytes);
    append(m_paths.out, bytes);
    LogDocument document(m_paths, LogStreams::Both);
    QCOMPARE(document.size(), bytes.size());
    QList<qint64> forward;
    QString all;
    for (qint64 at = 0; at < document.size();) {
        const std::optional<LogLine> line = document.lineAt(at);
        QVERIFY(line && line->begin == at && line->end > at);
        QVERIFY(line->end - line->begin <= 2 * LogDocument::pieceBytes);
        forward.append(at);
        all += line->text;
        at = line->end;
    }
    QList<qint64> backward;
    for (qint64 at = document.size(); at > 0;) {
        at = document.lineBegin(at - 1);
        backward.prepend(at);
    }
    QCOMPARE(backward, forward);
    QCOMPARE(all, QString::fromUtf8(bytes).remove(u'\n'));
}

void TestLogDocument::mixesStreamsAsTheyGrow()
{
    append(m_paths.out, "o1\n");
    append(m_paths.err, "e1\n");
    LogDocument document(m_paths, LogStreams::Both);
    append(m_paths.out, "o2\n");
    QCOMPARE(document.refresh(), LogDocument::Change::Grown);
    append(m_paths.err, "e2\n");
    QCOMPARE(document.refresh(), LogDocument::Change::Grown);
    QCOMPARE(document.refresh(), LogDocument::Change::None);
    append(m_paths.out, "o3\n");
    document.refresh();
    QCOMPARE(texts(document.window(0, 0, 99).lines),
             (QStringList{u"o1"_s, u"! e1"_s, u"o2"_s, u"! e2"_s, u"o3"_s}));
    QCOMPARE(texts(document.window(document.size(), 2, 1).lines), (QStringList{u"! e2"_s, u"o3"_s}));
}

void TestLogDocument::waitsForTheRestOfALine()
{
    LogDocument document(m_paths, LogStreams::Both);
    append(m_paths.out, "whole\nhal");
    append(m_paths.err, "oops\n");
    document.refresh();
    QCOMPARE(texts(document.window(0, 0, 99).lines), (QStringList{u"whole"_s, u"! oops"_s}));
    append(m_paths.out, "f\n");
    document.refresh();
    QCOMPARE(texts(document.window(0, 0, 99).lines), (QStringList{u"whole"_s, u"! oops"_s, u"half"_s}));
    append(m_paths.out, "Continue? ");
    document.refresh();
    document.refresh(); // it stays as it is, so it is shown
    QCOMPARE(texts(document.window(document.size(), 1, 1).lines), QStringList{u"Continue? "_s});
}

void TestLogDocument::readsAGigabyteByWindow()
{
    constexpr qint64 gigabyte = 1LL << 30;
    constexpr qint64 bound = 4LL << 20;
    const QByteArray tail = QByteArray("a line at the end\n").repeated(1000);
    append(m_paths.out, QByteArray("a line at the start\n").repeated(1000));
    QFile file(m_paths.out);
    QVERIFY(file.open(QIODevice::ReadWrite));
    QVERIFY(file.resize(gigabyte)); // a hole
    QVERIFY(file.seek(gigabyte));
    file.write("\n" + tail);
    file.close();
    LogDocument document(m_paths, LogStreams::Both);
    QVERIFY(document.size() > gigabyte);
    QCOMPARE(document.window(document.size(), 100, 1).lines.size(), 100);
    QCOMPARE(document.window(document.size(), 100, 1).lines.last().text, u"a line at the end"_s);
    QCOMPARE(document.window(0, 100, 100).lines.size(), 100);
    QVERIFY(!document.window(gigabyte / 2, 10, 10).lines.isEmpty());
    QVERIFY2(document.bytesRead() < bound, qPrintable(QString::number(document.bytesRead())));
}

void TestLogDocument::noticesThatAFileWasReplaced()
{
    append(m_paths.out, "a long line\n");
    LogDocument document(m_paths, LogStreams::Both);
    QFile file(m_paths.out);
    QVERIFY(file.resize(0));
    QCOMPARE(document.refresh(), LogDocument::Change::Replaced);
}

void TestLogDocument::readsOneStreamOnly()
{
    append(m_paths.out, "o1\n");
    append(m_paths.err, "e1\n");
    QCOMPARE(texts(LogDocument(m_paths, LogStreams::Stdout).window(0, 0, 9).lines), QStringList{u"o1"_s});
    QCOMPARE(texts(LogDocument(m_paths, LogStreams::Stderr).window(0, 0, 9).lines), QStringList{u"! e1"_s});
}

void TestLogDocument::missingFilesAreEmpty()
{
    LogDocument document(m_paths, LogStreams::Both);
    QCOMPARE(document.size(), 0);
    QVERIFY(document.window(0, 9, 9).lines.isEmpty());
    QVERIFY(!document.lineAt(0));
    append(m_paths.err, "late\n");
    QCOMPARE(document.refresh(), LogDocument::Change::Grown);
    QCOMPARE(texts(document.window(0, 0, 9).lines), QStringList{u"! late"_s});
}

QTEST_MAIN(TestLogDocument)
#include "tst_logdocument.moc"
