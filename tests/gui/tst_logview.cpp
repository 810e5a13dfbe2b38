#include "support/waiting.h"
#include "ui/logview/logview.h"

#include <QAccessible>
#include <QApplication>
#include <QClipboard>
#include <QFile>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;

class TestLogView : public QObject {
    Q_OBJECT

private slots:
    void init();
    void isReadAloud(); // first, as the first view of a program is made before anything speaks for views
    void followsWhatIsWritten();
    void staysWhereItIsWhenNotFollowing();
    void followsAgainAtTheEnd();
    void findsForwardBackwardAndAround();
    void tellsThatNothingWasFound();
    void copiesWhatIsMarked();
    void copiesWhatWasMarkedWhenAsked();
    void dragsThroughALargeFile();
    void losesNoStepToASlowDisk();
    void turnsRoundOnItsWay();
    void opensAtTheEnd();

private:
    void write(const QByteArray &text);
    QString firstLine() const { return m_view->visibleText().section(u'\n', 0, 0); }
    bool shows(const QString &line) const { return m_view->visibleText().split(u'\n').contains(line); }
    QString lastLine() const { return m_view->visibleText().section(u'\n', -1); }

    std::unique_ptr<QTemporaryDir> m_folder;
    LogPaths m_paths;
    std::unique_ptr<LogView> m_view;
};

namespace {

QByteArray numbered(int from, int to)
{
    QByteArray text;
    for (int i = from; i < to; ++i)
        text += "line " + QByteArray::number(i) + "\n";
    return text;
}

constexpr int many = 5000;

} // namespace

void TestLogView::init()
{
    m_view.reset();
    m_folder = std::make_unique<QTemporaryDir>();
    m_paths = {m_folder->filePath(u"out"_s), m_folder->filePath(u"err"_s)};
    write(numbered(0, many));
    m_view = std::make_unique<LogView>();
    m_view->resize(600, 300);
    m_view->show();
    m_view->open(m_paths, LogStreams::Both);
    WAIT_FOR_EQUAL(lastLine(), u"line 4999"_s);
}

void TestLogView::write(const QByteArray &text)
{
    QFile file(m_paths.out);
    QVERIFY(file.open(QIODevice::Append));
    file.write(text);
}

void TestLogView::isReadAloud()
{
    const QAccessibleInterface *spoken = QAccessible::queryAccessibleInterface(m_view.get());
    QCOMPARE(spoken->text(QAccessible::Value), m_view->visibleText());
    QCOMPARE(spoken->text(QAccessible::Name), u"Log"_s);
}

void TestLogView::followsWhatIsWritten()
{
    write(numbered(many, 2 * many));
    WAIT_FOR_EQUAL(lastLine(), u"line 9999"_s);
    QVERIFY(m_view->isFollowing());
}

void TestLogView::staysWhereItIsWhenNotFollowing()
{
    QSignalSpy following(m_view.get(), &LogView::followingChanged);
    QTest::keyClick(m_view.get(), Qt::Key_PageUp);
    QCOMPARE(following.count(), 1);
    const QString text = m_view->visibleText();
    const int range = m_view->verticalScrollBar()->maximum();
    write(numbered(many, many + 2000));
    WAIT_FOR(m_view->verticalScrollBar()->maximum() > range);
    QCOMPARE(m_view->visibleText(), text);
}

void TestLogView::followsAgainAtTheEnd()
{
    QTest::keyClick(m_view.get(), Qt::Key_Home);
    WAIT_FOR_EQUAL(firstLine(), u"line 0"_s);
    QVERIFY(!m_view->isFollowing());
    QTest::keyClick(m_view.get(), Qt::Key_PageDown);
    QVERIFY(firstLine() != u"line 0"_s);
    QTest::keyClick(m_view.get(), Qt::Key_End);
    QVERIFY(m_view->isFollowing());
    WAIT_FOR_EQUAL(lastLine(), u"line 4999"_s);
}

void TestLogView::findsForwardBackwardAndAround()
{
    QSignalSpy ended(m_view.get(), &LogView::searchEnded);
    m_view->search(u"LINE 123"_s, true); // from the end, round to the beginning
    WAIT_FOR_EQUAL(ended.count(), 1);
    WAIT_FOR(shows(u"line 123"_s));
    m_view->search(u"line 123"_s, true);
    WAIT_FOR_EQUAL(ended.count(), 2);
    WAIT_FOR(shows(u"line 1230"_s));
    m_view->search(u"line 123"_s, false);
    WAIT_FOR_EQUAL(ended.count(), 3);
    WAIT_FOR(shows(u"line 123"_s));
    QVERIFY(ended.at(2).at(0).toBool());
}

void TestLogView::tellsThatNothingWasFound()
{
    QSignalSpy ended(m_view.get(), &LogView::searchEnded);
    m_view->search(u"elephant"_s, true);
    WAIT_FOR_EQUAL(ended.count(), 1);
    QVERIFY(!ended.at(0).at(0).toBool());
    QCOMPARE(lastLine(), u"line 4999"_s);
}

void TestLogView::copiesWhatIsMarked()
{
    QSignalSpy copied(m_view.get(), &LogView::copied);
    QTest::keyClick(m_view.get(), Qt::Key_Home);
    WAIT_FOR_EQUAL(firstLine(), u"line 0"_s);
    const QPoint start(2, 8);
    QTest::mousePress(m_view->viewport(), Qt::LeftButton, {}, start);
    QTest::mouseMove(m_view->viewport(), start + QPoint(0, 2 * QFontMetrics(m_view->font()).height()));
    QTest::mouseRelease(m_view->viewport(), Qt::LeftButton, {}, start + QPoint(0, 40));
    m_view->copy();
    WAIT_FOR_EQUAL(copied.count(), 1);
    QCOMPARE(QApplication::clipboard()->text(), u"line 0\nline 1\n"_s);
    m_view->selectAll();
    m_view->copy();
    WAIT_FOR_EQUAL(copied.count(), 2);
    QCOMPARE(QApplication::clipboard()->text().count(u'\n'), many - 1);
}

void TestLogView::copiesWhatWasMarkedWhenAsked()
{
    QSignalSpy copied(m_view.get(), &LogView::copied);
    QTest::mouseDClick(m_view->viewport(), Qt::LeftButton, {}, {20, 12});
    m_view->copy();
    QTest::mouseClick(m_view->viewport(), Qt::LeftButton, {}, {20, 100}); // before the reader has answered
    QVERIFY(!m_view->hasSelection());
    WAIT_FOR_EQUAL(copied.count(), 1);
    QCOMPARE(QApplication::clipboard()->text(), u"line"_s);
}

void TestLogView::dragsThroughALargeFile()
{
    QScrollBar *bar = m_view->verticalScrollBar();
    bar->setSliderDown(true);
    bar->setSliderPosition(bar->maximum() / 2);
    const auto number = [this] { return firstLine().section(u' ', 1).toInt(); };
    WAIT_FOR(number() > many / 3 && number() < 2 * many / 3);
    bar->setSliderDown(false);
    for (int i = 0; i < 200; ++i)
        QTest::keyClick(m_view.get(), Qt::Key_PageUp);
    WAIT_FOR_EQUAL(firstLine(), u"line 0"_s);
}

/// All keys come before the reader has answered once.
void TestLogView::losesNoStepToASlowDisk()
{
    QTest::keyClick(m_view.get(), Qt::Key_Home);
    WAIT_FOR_EQUAL(firstLine(), u"line 0"_s);
    for (int i = 0; i < 1000; ++i)
        QTest::keyClick(m_view.get(), Qt::Key_Down);
    WAIT_FOR_EQUAL(firstLine(), u"line 1000"_s);
    QTest::keyClick(m_view.get(), Qt::Key_Home);
    for (int i = 0; i < 7; ++i)
        QTest::keyClick(m_view.get(), Qt::Key_Down);
    WAIT_FOR_EQUAL(firstLine(), u"line 7"_s);
    QVERIFY(!m_view->isFollowing());
}

void TestLogView::turnsRoundOnItsWay()
{
    QTest::keyClick(m_view.get(), Qt::Key_Home);
    QTest::keyClick(m_view.get(), Qt::Key_End);
    QTest::qWait(0);
    WAIT_FOR_EQUAL(lastLine(), u"line 4999"_s);
    write(numbered(many, many + 1));
    WAIT_FOR_EQUAL(lastLine(), u"line 5000"_s);
}

void TestLogView::opensAtTheEnd()
{
    QTest::keyClick(m_view.get(), Qt::Key_Home);
    WAIT_FOR_EQUAL(firstLine(), u"line 0"_s);
    QSignalSpy following(m_view.get(), &LogView::followingChanged);
    m_view->open(m_paths, LogStreams::Stdout);
    QCOMPARE(following.count(), 1);
    WAIT_FOR_EQUAL(lastLine(), u"line 4999"_s);
}

QTEST_MAIN(TestLogView)
#include "tst_logview.moc"
