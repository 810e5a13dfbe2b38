#include "results/uploadledger.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;
using State = UploadLedger::State;
using Confirmation = UploadLedger::Confirmation;

class TestUploadLedger : public QObject {
    Q_OBJECT

private slots:
    void init() { m_dir = std::make_unique<QTemporaryDir>(); }

    void comesBackAsItWas();
    void isForItsOwnerOnly();
    void isNotThere();
    void survivesEveryCut();
    void stepsCountThoughTheDiskRefuses();
    void aStepCostsALine();

private:
    QString path() const { return m_dir->filePath(u"uploads.jsonl"_s); }
    QByteArray text() const;
    void write(const QByteArray &text) const;
    UploadLedger worked() const;

    std::unique_ptr<QTemporaryDir> m_dir;
};

namespace {

const QList<ResultFile> files = {{false, u"a/model.pt"_s, 5LL << 30, 1'700'000'000'123},
                                 {true, u"log π \"q\".txt"_s, 7, 1'700'000'000'456},
                                 {false, u"z"_s, 0, 0}};
const UploadTarget target{QUrl(u"https://store.example/x?signature=%2Fabc%3D"_s), u"6c03"_s};

} // namespace

QByteArray TestUploadLedger::text() const
{
    QFile file(path());
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void TestUploadLedger::write(const QByteArray &text) const
{
    QFile file(path());
    if (!file.open(QIODevice::WriteOnly | QIODevice::Truncate) || file.write(text) != text.size())
        qFatal("cannot write the test's ledger");
}

UploadLedger TestUploadLedger::worked() const
{
    UploadLedger ledger(path(), files);
    ResultFile grown = files[1];
    grown.size = 8;
    const bool done = ledger.save() && ledger.markStored(1, grown, target) && ledger.markGivenUp(2) &&
                      ledger.markConfirmation(Confirmation::Asked);
    if (!done)
        qFatal("the disk of the test is full");
    return ledger;
}

void TestUploadLedger::comesBackAsItWas()
{
    worked();
    auto ledger = UploadLedger::load(path());
    QVERIFY(ledger);
    QCOMPARE(ledger->entries().size(), 3);
    QVERIFY(ledger->entries()[0].file == files[0] && ledger->entries()[0].state == State::Waiting);
    QVERIFY(ledger->entries()[1].state == State::Stored);
    QCOMPARE(ledger->entries()[1].file.size, 8); // as it was stored
    QCOMPARE(ledger->stored().size(), 1);
    QCOMPARE(ledger->stored()[0].filename, files[1].name);
    QCOMPARE(ledger->stored()[0].target.url, target.url);
    QCOMPARE(ledger->stored()[0].target.attachmentUuid, target.attachmentUuid);
    QCOMPARE(ledger->count(State::GivenUp), 1);
    QVERIFY(ledger->confirmation() == Confirmation::Asked);
    QVERIFY(ledger->markConfirmation(Confirmation::Given));
    QVERIFY(UploadLedger::load(path())->confirmation() == Confirmation::Given);
}

void TestUploadLedger::isForItsOwnerOnly()
{
    worked();
    QCOMPARE(QFile::permissions(path()),
             QFile::ReadOwner | QFile::WriteOwner | QFile::ReadUser | QFile::WriteUser);
}

void TestUploadLedger::isNotThere()
{
    QVERIFY(!UploadLedger::load(path()));
    write("nonsense\n");
    QVERIFY(!UploadLedger::load(path()));
}

/// A power cut may leave any beginning of it. What is read then may lack steps, but has none wrong, and takes
/// new ones.
void TestUploadLedger::survivesEveryCut()
{
    worked();
    const QByteArray whole = text();
    qsizetype listed = 0;
    for (int line = 0; line <= files.size(); ++line)
        listed = whole.indexOf('\n', listed) + 1;
    for (qsizetype length = 0; length < whole.size(); ++length) {
        write(whole.left(length));
        auto ledger = UploadLedger::load(path());
        QCOMPARE(ledger.has_value(), length >= listed - 1);
        if (!ledger)
            continue;
        QCOMPARE(ledger->entries().size(), 3);
        QVERIFY(ledger->markStored(0, files[0], target));
        QVERIFY(UploadLedger::load(path())->entries()[0].state == State::Stored);
    }
}

void TestUploadLedger::stepsCountThoughTheDiskRefuses()
{
    UploadLedger ledger(m_dir->filePath(u"none/uploads.jsonl"_s), files);
    QVERIFY(!ledger.save());
    QVERIFY(!ledger.markStored(0, files[0], target));
    QCOMPARE(ledger.stored().size(), 1);
    QVERIFY(QDir(m_dir->path()).mkdir(u"none"_s));
    QVERIFY(ledger.markGivenUp(1)); // brings the others along
    const auto read = UploadLedger::load(m_dir->filePath(u"none/uploads.jsonl"_s));
    QVERIFY(read);
    QCOMPARE(read->stored().size(), 1);
    QCOMPARE(read->count(State::GivenUp), 1);
}

void TestUploadLedger::aStepCostsALine()
{
    UploadLedger ledger(path(), QList<ResultFile>(10'000, files[0]));
    QVERIFY(ledger.save());
    const QByteArray before = text();
    QVERIFY(ledger.markStored(9'999, files[0], target));
    const QByteArray after = text();
    QVERIFY(after.startsWith(before));
    QCOMPARE(after.count('\n'), before.count('\n') + 1);
}

QTEST_GUILESS_MAIN(TestUploadLedger)
#include "tst_uploadledger.moc"
