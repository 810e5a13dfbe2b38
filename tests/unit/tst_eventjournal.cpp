#include "node/eventjournal.h"
#include "node/linefile.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;
using Level = EventJournal::Level;

class TestEventJournal : public QObject {
    Q_OBJECT

private slots:
    void init();

    void tellsWhatHappened();
    void knowsItAfterARestart();
    void remembersOnlyTheLatest();
    void rotatesItsFile();
    void isForItsOwnerOnly();
    void livesWithADamagedFile();
    void cutsLongTexts();
    void warnsOnceIfItCannotWrite();

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_path;
};

namespace {

QJsonArray recentOf(EventJournal &journal)
{
    return linefile::objectsOf(journal.recent());
}

/// What one that begins now remembers. All that it has kept must be of use.
QJsonArray restored(const QString &path, qint64 fileBytes = 1 << 20)
{
    EventJournal journal(path, fileBytes);
    const QJsonArray found = recentOf(journal);
    return found.size() == journal.recent().size() ? found : QJsonArray();
}

QString textAt(const QJsonArray &events, qsizetype index)
{
    return events.at(index).toObject().value("text"_L1).toString();
}

void addMany(EventJournal &journal, int count)
{
    for (int i = 0; i < count; ++i)
        journal.add(u"node"_s, Level::Info, u"event %1"_s.arg(i));
}

} // namespace

void TestEventJournal::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_path = m_folder->filePath(u"events.jsonl"_s);
}

void TestEventJournal::tellsWhatHappened()
{
    EventJournal journal(m_path);
    QSignalSpy added(&journal, &EventJournal::added);
    journal.add(u"workload"_s, Level::Warning, u"it failed"_s, 17);
    QCOMPARE(added.size(), 1);
    const QJsonObject event = QJsonDocument::fromJson(added.first().first().toByteArray()).object();
    QCOMPARE(recentOf(journal), QJsonArray{event});
    QCOMPARE(event.value("kind"_L1), u"workload"_s);
    QCOMPARE(event.value("level"_L1), u"warning"_s);
    QCOMPARE(event.value("text"_L1), u"it failed"_s);
    QCOMPARE(event.value("request_id"_L1), 17);
    const QDateTime at = QDateTime::fromString(event.value("at"_L1).toString(), Qt::ISODateWithMs);
    QVERIFY(at.isValid());
    QCOMPARE(at.timeSpec(), Qt::UTC);
}

void TestEventJournal::knowsItAfterARestart()
{
    QJsonArray before;
    {
        EventJournal journal(m_path);
        addMany(journal, 3);
        before = recentOf(journal);
    }
    QCOMPARE(restored(m_path), before);
}

void TestEventJournal::remembersOnlyTheLatest()
{
    EventJournal journal(m_path);
    addMany(journal, EventJournal::remembered + 2);
    QCOMPARE(recentOf(journal).size(), EventJournal::remembered);
    QCOMPARE(textAt(recentOf(journal), 0), u"event 2"_s);
    journal.flush();
    QCOMPARE(restored(m_path), recentOf(journal));
}

void TestEventJournal::rotatesItsFile()
{
    constexpr qint64 limit = 1000;
    EventJournal journal(m_path, limit);
    for (int i = 0; i < 40; ++i) {
        journal.add(u"node"_s, Level::Info, u"event %1"_s.arg(i));
        journal.flush();
    }
    QVERIFY(QFileInfo(m_path).size() < limit + 200);
    QVERIFY(QFileInfo(m_path + u".1"_s).size() >= limit);
    QVERIFY(QFileInfo(m_path + u".1"_s).size() < limit + 200);
    const QJsonArray found = restored(m_path, limit);
    QVERIFY(found.size() > 5);
    QCOMPARE(textAt(found, found.size() - 1), u"event 39"_s);
    QCOMPARE(textAt(found, found.size() - 8), u"event 32"_s);
}

void TestEventJournal::isForItsOwnerOnly()
{
    EventJournal journal(m_path);
    addMany(journal, 1);
    journal.flush();
    const auto owner = QFile::ReadOwner | QFile::WriteOwner | QFile::ReadUser | QFile::WriteUser;
    QCOMPARE(QFile::permissions(m_path), owner);
}

void TestEventJournal::livesWithADamagedFile()
{
    {
        EventJournal journal(m_path);
        addMany(journal, 1);
    }
    QFile file(m_path);
    QVERIFY(file.open(QIODevice::Append));
    file.write("[1]\nnot JSON\n\xff\xfe\n{\"text\":\"cut o");
    file.close();
    const QJsonArray found = restored(m_path);
    QCOMPARE(found.size(), 1);
    QCOMPARE(textAt(found, 0), u"event 0"_s);
}

void TestEventJournal::cutsLongTexts()
{
    EventJournal journal(m_path);
    journal.add(u"node"_s, Level::Error, QString(1'000'000, u'x'));
    QCOMPARE(textAt(recentOf(journal), 0).size(), EventJournal::longestText);
}

void TestEventJournal::warnsOnceIfItCannotWrite()
{
    EventJournal journal(m_folder->filePath(u"missing/events.jsonl"_s));
    QSignalSpy warning(&journal, &EventJournal::warning);
    for (int i = 0; i < 3; ++i) {
        addMany(journal, 1);
        journal.flush();
    }
    QCOMPARE(warning.size(), 1);
    QCOMPARE(recentOf(journal).size(), 3);
}

QTEST_GUILESS_MAIN(TestEventJournal)
#include "tst_eventjournal.moc"
