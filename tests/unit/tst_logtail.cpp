#include "workload/logtail.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using cloudnode::LogTail;

class TestLogTail : public QObject {
    Q_OBJECT

private slots:
    void readsOnePiece_data();
    void readsOnePiece();
    void piecesAddUpToTheFile_data();
    void piecesAddUpToTheFile();
    void waitsForTheRestOfACharacter();
    void takesAMissingFileForAnEmptyOne();
    void reportsAFileThatHasShrunk();
    void reportsAFolder();
    void givesTheLastOfAFile_data();
    void givesTheLastOfAFile();

private:
    QString write(const QByteArray &bytes)
    {
        QFile file(m_folder.filePath(u"log"_s));
        if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
            qFatal("cannot write the test's file");
        return file.fileName();
    }

    QTemporaryDir m_folder;
};

namespace {

const QByteArray replacement = "\xEF\xBF\xBD";
const QByteArray rocket = "\xF0\x9F\x9A\x80";
const QByteArray euro = "\xE2\x82\xAC";

bool isUtf8(const QByteArray &text)
{
    return QUtf8StringView(text).isValidUtf8();
}

} // namespace

void TestLogTail::readsOnePiece_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<qint64>("offset");
    QTest::addColumn<qint64>("maxBytes");
    QTest::addColumn<bool>("final");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<qint64>("endOffset");
    const auto row = [](const char *name, const QByteArray &file, qint64 offset, qint64 maxBytes, bool final,
                        const QByteArray &text, qint64 endOffset) {
        QTest::newRow(name) << file << offset << maxBytes << final << text << endOffset;
    };
    row("nothing", "", 0, 100, false, "", 0);
    row("a whole line", "abc\n", 0, 100, false, "abc\n", 4);
    row("the rest of a file", "abc\ndef\n", 4, 100, false, "def\n", 8);
    row("nothing new", "abc\n", 4, 100, false, "", 4);
    row("ends behind the last line break", "abc\ndef\ngh", 0, 100, false, "abc\ndef\n", 8);
    row("an unfinished line alone", "gh", 0, 100, false, "gh", 2);
    row("everything when it is final", "abc\ngh", 0, 100, true, "abc\ngh", 6);
    row("not more than asked for", "abcdefgh", 0, 5, false, "abcde", 5);
    row("not more than asked for when it is final", "abc\ndefgh", 0, 6, true, "abc\n", 4);
    row("four bytes at least", rocket, 0, 1, false, rocket, 4);
    row("CRLF stays together", "ab\r\ncd\r", 0, 100, false, "ab\r\n", 4);
    row("a NUL is text", QByteArray("a\0b\n", 4), 0, 100, false, QByteArray("a\0b\n", 4), 4);
    row("a byte order mark is text",
        "\xEF\xBB\xBF"
        "a\n",
        0, 100, false,
        "\xEF\xBB\xBF"
        "a\n",
        5);
    row("a character cut by the limit", "abc" + euro, 0, 5, false, "abc", 3);
    row("a character cut by the end of the file", "abc" + euro.first(2), 0, 100, false, "abc", 3);
    row("a character that will never be whole", "abc" + euro.first(2), 0, 100, true,
        "abc" + replacement.repeated(2), 5);
    row("a wrong byte",
        "a\xFF"
        "b\n",
        0, 100, false, "a" + replacement + "b\n", 4);
    row("nothing but continuation bytes", "\x80\x80\x80\x80", 0, 4, false, replacement.repeated(4), 4);
    row("a lead byte that does not exist", "ab\xF8", 0, 100, false, "ab" + replacement, 3);
}

void TestLogTail::readsOnePiece()
{
    QFETCH(QByteArray, file);
    QFETCH(qint64, offset);
    QFETCH(qint64, maxBytes);
    QFETCH(bool, final);
    const auto piece = LogTail(write(file)).read(offset, maxBytes, final);
    QVERIFY(piece.has_value());
    QTEST(piece->text, "text");
    QTEST(piece->endOffset, "endOffset");
}

void TestLogTail::piecesAddUpToTheFile_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<bool>("isValid");
    QTest::newRow("characters of every length") << "a\xC3\xA9" + euro + rocket + "\n" + rocket + euro << true;
    QTest::newRow("one endless line") << rocket.repeated(20) << true;
    QTest::newRow("many short lines") << QByteArray("\na\r\n").repeated(10) << true;
    QTest::newRow("NULs and byte order marks") << QByteArray("\0\xEF\xBB\xBF\0x", 6).repeated(5) << true;
    QTest::newRow("wrong bytes among right ones")
        << "\xFF" + euro + "\xC3" + rocket + "\xF0\x9F" + "a\x80" + euro.first(2) << false;
    QTest::newRow("surrogates and overlong forms")
        << QByteArray("\xED\xA0\x80 \xC0\x80 \xE0\x80\x80 \xF4\x90\x80\x80") << false;
}

void TestLogTail::piecesAddUpToTheFile()
{
    QFETCH(QByteArray, file);
    QFETCH(bool, isValid);
    const LogTail tail(write(file));
    const QByteArray whole = tail.read(0, 1000, true)->text;
    QVERIFY(isUtf8(whole));
    if (isValid)
        QCOMPARE(whole, file);
    for (qint64 maxBytes = 4; maxBytes < file.size() + 2; ++maxBytes) {
        QByteArray sum;
        qint64 offset = 0;
        while (offset < file.size()) {
            const auto piece = tail.read(offset, maxBytes, true);
            QVERIFY(piece && piece->endOffset > offset && piece->endOffset <= offset + maxBytes);
            QVERIFY(isUtf8(piece->text));
            sum += piece->text;
            offset = piece->endOffset;
        }
        QCOMPARE(sum, whole);
    }
}

void TestLogTail::waitsForTheRestOfACharacter()
{
    const QByteArray text = "x" + rocket + euro + "y";
    QByteArray sum;
    qint64 offset = 0;
    for (qsizetype written = 0; written <= text.size(); ++written) {
        const auto piece = LogTail(write(text.first(written))).read(offset, 100, false);
        QVERIFY(piece.has_value());
        sum += piece->text;
        offset = piece->endOffset;
        QVERIFY(text.startsWith(sum));
    }
    QCOMPARE(sum, text);
}

void TestLogTail::takesAMissingFileForAnEmptyOne()
{
    const QString path = m_folder.filePath(u"missing"_s);
    const auto piece = LogTail(path).read(0, 100, true);
    QVERIFY(piece && piece->text.isEmpty() && piece->endOffset == 0);
    const auto last = LogTail::last(path, 100);
    QVERIFY(last && last->text.isEmpty() && !last->truncated);
}

void TestLogTail::reportsAFileThatHasShrunk()
{
    const auto piece = LogTail(write("abc")).read(4, 100, false);
    QVERIFY(!piece);
    QVERIFY2(piece.error().what.contains(u"has 3 bytes, fewer than the 4"_s), qPrintable(piece.error().what));
    QCOMPARE(piece.error().where, m_folder.filePath(u"log"_s));
}

void TestLogTail::reportsAFolder()
{
    QVERIFY(!LogTail(m_folder.path()).read(0, 100, false));
    QVERIFY(!LogTail::last(m_folder.path(), 100));
}

void TestLogTail::givesTheLastOfAFile_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<qint64>("maxBytes");
    QTest::addColumn<QByteArray>("text");
    QTest::addColumn<bool>("truncated");
    QTest::newRow("an empty file") << QByteArray() << qint64(10) << QByteArray() << false;
    QTest::newRow("a short file") << "abc" + rocket << qint64(10) << "abc" + rocket << false;
    QTest::newRow("exactly as much") << "abc" + rocket << qint64(7) << "abc" + rocket << false;
    QTest::newRow("the end of a long one") << QByteArray("abcdef") << qint64(4) << QByteArray("cdef") << true;
    QTest::newRow("cut before the last byte of a character")
        << rocket + "abc" << qint64(4) << QByteArray("abc") << true;
    QTest::newRow("cut behind the first byte of a character")
        << rocket + "abc" << qint64(6) << QByteArray("abc") << true;
    QTest::newRow("less than a character") << rocket << qint64(2) << QByteArray() << true;
    QTest::newRow("unfinished") << "abc" + euro.first(2) << qint64(10) << "abc" + replacement.repeated(2)
                                << false;
    QTest::newRow("wrong bytes, which get longer")
        << QByteArray(10, '\xFF') << qint64(10) << replacement.repeated(3) << true;
}

void TestLogTail::givesTheLastOfAFile()
{
    QFETCH(QByteArray, file);
    QFETCH(qint64, maxBytes);
    const auto last = LogTail::last(write(file), maxBytes);
    QVERIFY(last.has_value());
    QTEST(last->text, "text");
    QTEST(last->truncated, "truncated");
}

QTEST_GUILESS_MAIN(TestLogTail)
#include "tst_logtail.moc"
