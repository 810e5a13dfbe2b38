#include "results/resultuploads.h"
#include "support/fakecontrolplane.h"
#include "support/storesink.h"
#include "support/waiting.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QSet>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;
using namespace cloudnode;
using test::StoreSink;
using Kind = CloudError::Kind;

namespace {

/// A backend whose answers to confirmations are written down apart from the others.
class Cloud : public FakeControlPlane {
public:
    QList<CloudResult<void>> confirmations; ///< in order; when it is empty, they succeed
    bool confirms = true;                   ///< false: says nothing

    void confirmUploads(const QString &, const QList<UploadedFile> &files, QObject *context,
                        CloudCallback<void> done) override
    {
        confirmed << files;
        const CloudResult<void> reply =
            confirmations.isEmpty() ? CloudResult<void>() : confirmations.takeFirst();
        if (confirms)
            QMetaObject::invokeMethod(
                context, [reply, done = std::move(done)] { done(reply); }, Qt::QueuedConnection);
    }
    static CloudResult<void> refusal(Kind kind, int status)
    {
        return tl::make_unexpected(CloudError{kind, status, {u"scripted"_s, {}, {}}, {}});
    }
};

/// The uploads under test, and all they have said.
class Watched {
public:
    Watched(ControlPlane &cloud, std::chrono::milliseconds patience = 30s)
        : uploads(cloud, {.store = {.moreAuthorities = {}, .patience = patience},
                          .patience = {.attempts = 3, .pause = 10ms, .rest = 20ms, .longestRest = 50ms}})
    {
        using R = ResultUploads;
        QObject::connect(&uploads, &R::found,
                         [this](const QString &key, qsizetype count) { found[key] = count; });
        QObject::connect(&uploads, &R::finished, [this](const QString &key, const UploadSummary &summary) {
            finished[key] = summary;
        });
        QObject::connect(&uploads, &R::gaveUp,
                         [this](const QString &, const Error &reason) { gaveUp << reason.text(); });
        QObject::connect(&uploads, &R::waiting,
                         [this](const QString &, const Error &reason) { waiting << reason.text(); });
        QObject::connect(&uploads, &R::warning,
                         [this](const QString &, const Error &problem) { warnings << problem.text(); });
        uploads.start();
    }

    ResultUploads uploads;
    QMap<QString, qsizetype> found;
    QMap<QString, UploadSummary> finished;
    QStringList gaveUp;
    QStringList waiting;
    QStringList warnings;
};

QByteArray sha1(const QByteArray &content)
{
    return QCryptographicHash::hash(content, QCryptographicHash::Sha1).toHex();
}

} // namespace

/// Result files on their way over real sockets into a store, in this process.
class TestUploads : public QObject {
    Q_OBJECT

private slots:
    void init();

    void bringsFilesIntoTheStoreAndRemovesThem();
    void sendsTheFileAndNothingOfOurs();
    void logsInNowhere();
    void oneWithoutFilesIsDoneAtOnce();
    void triesAgainWithAFreshUrl_data();
    void triesAgainWithAFreshUrl();
    void givesUpOnWhatTheStoreRefuses_data();
    void givesUpOnWhatTheStoreRefuses();
    void givesUpOnWhatTheBackendRefuses();
    void neverGivesUpOnWhatMayPass();
    void triesAtOnceWhenTheNetworkIsBack();
    void aStoreThatHangsUpIsAskedAgain();
    void aStoreThatStallsIsAskedAgain();
    void aFileThatIsWrittenToMeanwhileIsSentAgain();
    void aFileThatIsAlwaysWrittenToIsGivenUp();
    void aFileThatHasVanishedIsGivenUp();
    void aFileThatHasGrownIsSentAsItIs();
    void sendsAFewAtOnceAndEachWorkloadInTurn();
    void removesNothingBeforeItIsConfirmed();
    void keepsWhatHasChangedSinceItWasSent();
    void confirmsAgainUntilAnswered();
    void aRepeatedConfirmationMayBeOldNews();
    void aRefusedConfirmationRemovesNothing_data();
    void aRefusedConfirmationRemovesNothing();
    void anotherNodeGoesOn();
    void anotherNodeConfirmsAgain();
    void anotherNodeRemovesTheRest();
    void tellsHowFarItIs();

private:
    QString path(const QString &name) const { return m_dir->filePath(u"results/"_s + name); }
    void put(const QString &name, const QByteArray &content = "content") const;
    bool has(const QString &name) const { return QFile::exists(path(name)); }
    UploadJob job(const QString &key = u"w"_s) const;
    QStringList confirmedNames() const;

    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<Cloud> m_cloud;
    std::unique_ptr<StoreSink> m_sink;
};

void TestUploads::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
    m_cloud = std::make_unique<Cloud>();
    m_sink = std::make_unique<StoreSink>();
    m_cloud->store = m_sink->url();
}

void TestUploads::put(const QString &name, const QByteArray &content) const
{
    QDir().mkpath(QFileInfo(path(name)).path());
    QFile file(path(name));
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        qFatal("cannot write the test's file");
}

/// Those of workload "w" lie in "results", of any other in a folder of its name below.
UploadJob TestUploads::job(const QString &key) const
{
    return {.key = key,
            .workloadUuid = u"uuid-"_s + key,
            .places = {.own = key == u"w" ? m_dir->filePath(u"results"_s) : path(key)},
            .ledgerPath = m_dir->filePath(key + u".jsonl"_s)};
}

QStringList TestUploads::confirmedNames() const
{
    QStringList names;
    for (const QList<UploadedFile> &files : m_cloud->confirmed) {
        for (const UploadedFile &file : files)
            names << file.filename;
    }
    return names;
}

void TestUploads::bringsFilesIntoTheStoreAndRemovesThem()
{
    put(u"model.pt"_s, "weights");
    put(u"runs/1/log.txt"_s, "a log");
    put(u"empty"_s, "");
    Watched watched(*m_cloud);
    watched.uploads.add(job());
    WAIT_FOR(watched.finished.contains(u"w"_s));
    QCOMPARE(watched.found[u"w"_s], 3);
    const UploadSummary summary = watched.finished[u"w"_s];
    QVERIFY(summary.stored == 3 && summary.givenUp == 0 && summary.confirmed);
    QVERIFY(!has(u"model.pt"_s) && !has(u"runs/1/log.txt"_s) && !has(u"empty"_s));
    QCOMPARE(m_cloud->confirmed.size(), 1);
    QCOMPARE(confirmedNames(), (QStringList{u"empty"_s, u"model.pt"_s, u"runs/1/log.txt"_s}));
    // Each is confirmed by the URL and the name that it was really stored under.
    QMap<QByteArray, QByteArray> content;
    for (const StoreSink::Put &put : m_sink->stored())
        content[put.head.path] = put.sha1;
    QCOMPARE(content[m_cloud->confirmed[0][1].target.url.path().toLatin1()], sha1("weights"));
    QCOMPARE(content[m_cloud->confirmed[0][2].target.url.path().toLatin1()], sha1("a log"));
    QVERIFY(watched.warnings.isEmpty() && watched.gaveUp.isEmpty() && watched.waiting.isEmpty());
    QVERIFY(!watched.uploads.has(u"w"_s));
}

void TestUploads::sendsTheFileAndNothingOfOurs()
{
    put(u"a"_s, "12345");
    Watched watched(*m_cloud);
    watched.uploads.add(job());
    WAIT_FOR(watched.finished.contains(u"w"_s));
    const auto headers = m_sink->stored().value(0).head.headers;
    QCOMPARE(headers["content-type"], "application/octet-stream");
    QCOMPARE(headers["content-length"], "5");
    QVERIFY(!headers.contains("authorization"));
    QVERIFY(!headers.contains("transfer-encoding"));
    QVERIFY(!headers.contains("cookie"));
}

/// Not even where the store asks for it.
void TestUploads::logsInNowhere()
{
    put(u"a"_s, "12345");
    m_cloud->store.setUserInfo(u"somebody:password"_s);
    m_sink->statuses = {401};
    m_sink->moreHeaders = "WWW-Authenticate: Basic realm=\"store\"\r\n";
    Watched watched(*m_cloud);
    watched.uploads.add(job());
    WAIT_FOR(watched.finished.contains(u"w"_s));
    QCOMPARE(watched.finished[u"w"_s].givenUp, 1);
    QCOMPARE(m_sink->begun(), 1);
    QVERIFY(!m_sink->puts().value(0).head.headers.contains("authorization"));
}

void TestUploads::oneWithoutFilesIsDoneAtOnce()
{
    Watched watched(*m_cloud);
    watched.uploads.add(job());
    WAIT_FOR(watched.finished.contains(u"w"_s));
    QCOMPARE(watched.found[u"w"_s], 0);
    QVERIFY(m_cloud->calls.isEmpty() && m_cloud->confirmed.isEmpty());
    QVERIFY(!QFile::exists(job().ledgerPath));
}

void TestUploads::triesAgainWithAFreshUrl_data()
{
    QTest::addColumn<int>("status");
    for (const int status : {408, 409, 425, 429, 500, 502, 503, 504})
        QTest::addRow("%d", status) << status;
}

void TestUploads::triesAgainWithAFreshUrl()
{
    QFETCH(int, status);
    put(u"a"_s);
    m_sink->statuses = {status};
    Watched watched(*m_cloud);
    watched.uploads.add(job());
    WAIT_FOR(watched.finished.contains(u"w"_s));
    QCOMPARE(m_sink->puts().size(), 2);
    QVERIFY(m_sink->puts()[0].head.path != m_sink->puts()[1].head.path);
    QCOMPARE(m_cloud->confirmed.value(0).value(0).target.url.path().toLatin1(), m_sink->puts()[1].head.path);
    QVERIFY(!has(u"a"_s));
}

void TestUploads::givesUpOnWhatTheStoreRefuses_data()
{
    QTest::addColumn<int>("status");
    for (const int status : {301, 307, 400, 403, 404, 413, 501})
        QTest::addRow("%d", status) << status;
}

void TestUploads::givesUpOnWhatTheStoreRefuses()
{
    QFETCH(int, status);
    put(u"a"_s);
    put(u"b"_s);
    m_sink->statuses = {status};
    m_sink->moreHeaders = "Location: /store/elsewhere\r\n";
    Watched watched(*m_cloud);
    watched.uploads.add(job());
    WAIT_FOR(watched.finished.contains(u"w"_s));
    QCOMPARE(m_sink->begun(), 2);
    const UploadSummary summary = watched.finished[u"w"_s];
    QVERIFY(summary.stored == 1 && summary.givenUp == 1 && summary.confirmed);
    QCOMPARE(has(u"a"_s) + has(u"b"_s), 1); // the refused one stays
    QCOMPARE(watched.gaveUp.size(), 1);
    QVERIFY(watched.gaveUp[0].contains(u"HTTP %1: SomeCode"_s.arg(status)));
    QVERIFY(!watched.gaveUp[0].contains(u"secret"_s));
    QVERIFY(!watched.gaveUp[0].contains(u"attachment"_s)); // nothing of the URL
}

void TestUploads::givesUpOnWhatTheBackendRefuses()
{
    put(u"a"_s);
    m_cloud->script = {Cloud::failing(Kind::Refused, 422)};
    Watched watched(*m_cloud);
    watched.uploads.add(job());
    WAIT_FOR(watched.finished.contains(u"w"_s));
    QVERIFY(watched.finished[u"w"_s].givenUp == 1 && !watched.finished[u"w"_s].confirmed);
    QVERIFY(has(u"a"_s));
    QCOMPARE(m_sink->begun(), 0);
    QVERIFY(m_cloud->confirmed.isEmpty());
}

void TestUploads::neverGivesUpOnWhatMayPass()
{
    put(u"a"_s);
    for (int i = 0; i < 20; ++i) {
        m_cloud->script << Cloud::failing(i % 2 ? Kind::Unavailable : Kind::Unauthorized);
        m_sink->statuses << 503;
    }
    Watched watched(*m_cloud);
    watched.uploads.add(job());
    WAIT_FOR(watched.finished.contains(u"w"_s));
    QCOMPARE(m_sink->puts().size(), 21);
    QVERIFY(!has(u"a"_s));
    QCOMPARE(watched.waiting.size(), 2); // once a reason, not once an attempt
}

void TestUploads::triesAtOnceWhenTheNetworkIsBack()
{
    put(u"a"_s);
    m_cloud->script = {Cloud::failing(Kind::Unavailable, 0, 3600s),
                       Cloud::failing(Kind::Unavailable, 0, 3600s),
                       Cloud::failing(Kind::Unavailable, 0, 3600s)};
    Watched watched(*m_cloud);
    watched.uploads.add(job());
    WAIT_FOR(!watched.waiting.isEmpty()); // for an hour, as the backend wished
    QVERIFY(!watched.uploads.progress().value(0).second.problem.isEmpty());
    watched.uploads.retryNow();
    WAIT_FOR(watched.finished.contains(u"w"_s));
}

void TestUploads::aStoreThatHangsUpIsAskedAgain()
{
    put(u"a"_s, QByteArray(4 << 20, 'x'));
    m_sink->hangUpAfter = 1 << 20;
    m_sink->hangUps = 2;
    Watched watched(*m_cloud);
    watched.uploads.add(job());
    WAIT_FOR(watched.finished.contains(u"w"_s));
    QCOMPARE(m_sink->begun(), 3);
    // Nothing is sent twice to one place.
    QCOMPARE(m_cloud->calls.filter(u"upload "_s).size(), m_sink->begun());
    QCOMPARE(m_sink->stored().value(0).sha1, sha1(QByteArray(4 << 20, 'x')));
}

void TestUploads::aStoreThatStallsIsAskedAgain()
{
    put(u"a"_s, QByteArray(16 << 20, 'x')); // more than the buffers on the way hold
    m_sink->stalled = true;
    Watched watched(*m_cloud, 200ms);
    watched.uploads.add(job());
    WAIT_FOR(m_sink->begun() >= 4);
    QVERIFY(watched.waiting.value(0).contains(u"nothing has moved"_s));
    m_sink->stalled = false;
    WAIT_FOR(watched.finished.contains(u"w"_s));
    QVERIFY(watched.finished[u"w"_s].confirmed);
}

void TestUploads::aFileThatIsWrittenToMeanwhileIsSentAgain()
{
    put(u"a"_s, QByteArray(8 << 20, 'x'));
    bool once = true;
    m_sink->tick = [&] {
        if (std::exchange(once, false))
            put(u"a"_s, QByteArray(8 << 20, 'y'));
    };
    Watched watched(*m_cloud);
    watched.uploads.add(job());
    WAIT_FOR(watched.finished.contains(u"w"_s));
    QCOMPARE(m_cloud->confirmed.value(0).size(), 1);
    QCOMPARE(m_sink->puts().last().sha1, sha1(QByteArray(8 << 20, 'y')));
    QCOMPARE(m_cloud->confirmed[0][0].target.url.path().toLatin1(), m_sink->puts().last().head.path);
    QVERIFY(!has(u"a"_s));
}

void TestUploads::aFileThatIsAlwaysWrittenToIsGivenUp()
{
    put(u"a"_s, QByteArray(8 << 20, 'x'));
    char letter = 'a';
    m_sink->tick = [&] { put(u"a"_s, QByteArray((8 << 20) + letter++ % 2, 'y')); };
    Watched watched(*m_cloud);
    watched.uploads.add(job());
    WAIT_FOR(watched.finished.contains(u"w"_s));
    QVERIFY(watched.finished[u"w"_s].givenUp == 1 && has(u"a"_s));
    QVERIFY(watched.gaveUp.value(0).contains(u"written to while"_s));
    QVERIFY(m_cloud->confirmed.isEmpty());
}

void TestUploads::aFileThatHasVanishedIsGivenUp()
{
    put(u"a"_s);
    put(u"b"_s);
    Watched watched(*m_cloud);
    QObject::connect(&watched.uploads, &ResultUploads::found, [&] { QFile::remove(path(u"a"_s)); });
    watched.uploads.add(job());
    WAIT_FOR(watched.finished.contains(u"w"_s));
    QVERIFY(watched.finished[u"w"_s].stored == 1 && watched.finished[u"w"_s].givenUp == 1);
    QVERIFY(watched.gaveUp.value(0).contains(u"not there any more"_s));
    QCOMPARE(confirmedNames(), QStringList{u"b"_s});
}

void TestUploads::aFileThatHasGrownIsSentAsItIs()
{
    put(u"a"_s, "short");
    Watched watched(*m_cloud);
    QObject::connect(&watched.uploads, &ResultUploads::found, [&] { put(u"a"_s, "much longer"); });
    watched.uploads.add(job());
    WAIT_FOR(watched.finished.contains(u"w"_s));
    QCOMPARE(m_sink->stored().value(0).sha1, sha1("much longer"));
    QVERIFY(!has(u"a"_s));
}

void TestUploads::sendsAFewAtOnceAndEachWorkloadInTurn()
{
    for (int i = 0; i < 40; ++i)
        put(u"many/%1"_s.arg(i), QByteArray(100'000, 'x'));
    put(u"one/file"_s);
    Watched watched(*m_cloud);
    const auto asked = [this] { return m_cloud->calls.filter(u"upload "_s); };
    qsizetype askedBefore = 0;
    QObject::connect(&watched.uploads, &ResultUploads::found, [&](const QString &key) {
        if (key == u"one"_s)
            askedBefore = asked().size();
    });
    watched.uploads.add(job(u"many"_s));
    watched.uploads.add(job(u"one"_s));
    WAIT_FOR(watched.finished.size() == 2);
    const QStringList all = asked();
    const auto isTheOne = [](const QString &call) { return call.endsWith(u" file"_s); };
    const auto turn = std::find_if(all.cbegin(), all.cend(), isTheOne) - all.cbegin();
    QVERIFY2(turn <= askedBefore + 4, qPrintable(u"%1 after %2"_s.arg(turn).arg(askedBefore)));
    QCOMPARE(m_sink->mostAtOnce(), 4);
    QCOMPARE(m_sink->stored().size(), 41);
}

void TestUploads::removesNothingBeforeItIsConfirmed()
{
    put(u"a"_s);
    m_cloud->confirms = false;
    Watched watched(*m_cloud);
    watched.uploads.add(job());
    WAIT_FOR(m_cloud->confirmed.size() == 1);
    watched.uploads.stop();
    QVERIFY(has(u"a"_s));
    QVERIFY(watched.finished.isEmpty());
}

void TestUploads::keepsWhatHasChangedSinceItWasSent()
{
    put(u"a"_s);
    put(u"b"_s);
    m_cloud->confirmations = {Cloud::refusal(Kind::Unavailable, 503)};
    Watched watched(*m_cloud);
    QObject::connect(&watched.uploads, &ResultUploads::waiting, [&] { put(u"a"_s, "new content"); });
    watched.uploads.add(job());
    WAIT_FOR(watched.finished.contains(u"w"_s));
    QVERIFY(has(u"a"_s) && !has(u"b"_s));
    QVERIFY(watched.warnings.value(0).contains(u"has changed since"_s));
}

void TestUploads::confirmsAgainUntilAnswered()
{
    put(u"a"_s);
    for (int i = 0; i < 10; ++i)
        m_cloud->confirmations << Cloud::refusal(i % 2 ? Kind::Unavailable : Kind::Unauthorized, 0);
    Watched watched(*m_cloud);
    watched.uploads.add(job());
    WAIT_FOR(watched.finished.contains(u"w"_s));
    QCOMPARE(m_cloud->confirmed.size(), 11);
    QCOMPARE(m_sink->begun(), 1);
    QVERIFY(watched.finished[u"w"_s].confirmed && !has(u"a"_s));
}

void TestUploads::aRepeatedConfirmationMayBeOldNews()
{
    put(u"a"_s);
    m_cloud->confirmations = {Cloud::refusal(Kind::Unavailable, 0), Cloud::refusal(Kind::Refused, 409)};
    Watched watched(*m_cloud);
    watched.uploads.add(job());
    WAIT_FOR(watched.finished.contains(u"w"_s));
    QVERIFY(watched.finished[u"w"_s].confirmed && !has(u"a"_s));
}

void TestUploads::aRefusedConfirmationRemovesNothing_data()
{
    QTest::addColumn<QList<int>>("statuses"); // 0: the answer is lost
    QTest::newRow("refused") << QList<int>{422};
    QTest::newRow("there is no such call") << QList<int>{404};
    QTest::newRow("a conflict with what is nobody's") << QList<int>{409};
    QTest::newRow("refused after a lost answer") << QList<int>{0, 400};
}

void TestUploads::aRefusedConfirmationRemovesNothing()
{
    QFETCH(QList<int>, statuses);
    put(u"a"_s);
    for (const int status : statuses)
        m_cloud->confirmations << Cloud::refusal(status == 0     ? Kind::Unavailable
                                                 : status == 404 ? Kind::NotFound
                                                                 : Kind::Refused,
                                                 status);
    Watched watched(*m_cloud);
    watched.uploads.add(job());
    WAIT_FOR(watched.finished.contains(u"w"_s));
    QVERIFY(!watched.finished[u"w"_s].confirmed);
    QVERIFY(has(u"a"_s));
    QCOMPARE(m_cloud->confirmed.size(), statuses.size());
    QVERIFY(watched.warnings.value(0).contains(u"refuses the confirmation"_s));
}

void TestUploads::anotherNodeGoesOn()
{
    for (int i = 0; i < 50; ++i)
        put(u"%1.bin"_s.arg(i), QByteArray(100'000, 'x'));
    auto first = std::make_unique<Watched>(*m_cloud);
    first->uploads.add(job());
    WAIT_FOR(m_sink->puts().size() >= 10);
    first.reset();
    put(u"late.bin"_s); // the list was made when the workload ended
    Watched second(*m_cloud);
    second.uploads.add(job());
    WAIT_FOR(second.finished.contains(u"w"_s));
    QCOMPARE(m_cloud->confirmed.size(), 1);
    QCOMPARE(confirmedNames().size(), 50);
    QVERIFY(!confirmedNames().contains(u"late.bin"_s));
    // At most those that were under way are sent once more.
    QVERIFY2(m_sink->begun() <= 54, qPrintable(QString::number(m_sink->begun())));
    QVERIFY(has(u"late.bin"_s) && !has(u"0.bin"_s));
}

void TestUploads::anotherNodeConfirmsAgain()
{
    put(u"a"_s);
    m_cloud->confirms = false;
    auto first = std::make_unique<Watched>(*m_cloud);
    first->uploads.add(job());
    WAIT_FOR(m_cloud->confirmed.size() == 1);
    first.reset();
    m_cloud->confirms = true;
    m_cloud->confirmations = {Cloud::refusal(Kind::Refused, 409)}; // it had heard the first one
    Watched second(*m_cloud);
    second.uploads.add(job());
    WAIT_FOR(second.finished.contains(u"w"_s));
    QVERIFY(second.finished[u"w"_s].confirmed && !has(u"a"_s));
    QCOMPARE(m_sink->begun(), 1);
}

void TestUploads::anotherNodeRemovesTheRest()
{
    put(u"a"_s);
    const std::atomic<bool> stop = false;
    UploadLedger ledger(job().ledgerPath, ResultFiles(job().places).list(stop).files);
    QVERIFY(ledger.save());
    QVERIFY(ledger.markStored(0, ledger.entries()[0].file, {QUrl(u"http://x/y"_s), u"y"_s}));
    QVERIFY(ledger.markConfirmation(UploadLedger::Confirmation::Given));
    Watched watched(*m_cloud);
    watched.uploads.add(job());
    WAIT_FOR(watched.finished.contains(u"w"_s));
    QVERIFY(watched.finished[u"w"_s].confirmed && !has(u"a"_s));
    QVERIFY(m_cloud->confirmed.isEmpty());
}

void TestUploads::tellsHowFarItIs()
{
    put(u"a"_s, QByteArray(1000, 'x'));
    put(u"b"_s, QByteArray(16 << 20, 'x'));
    qint64 most = 0;
    Watched watched(*m_cloud);
    QObject::connect(&watched.uploads, &ResultUploads::changed, [&] {
        const auto all = watched.uploads.progress();
        if (!all.isEmpty())
            most = std::max(most, all[0].second.bytesDone);
    });
    m_cloud->confirms = false;
    watched.uploads.add(job());
    WAIT_FOR(m_cloud->confirmed.size() == 1);
    const UploadProgress progress = watched.uploads.progress().value(0).second;
    QCOMPARE(progress.files, 2);
    QCOMPARE(progress.filesDone, 2);
    QCOMPARE(progress.bytes, 1000 + (16 << 20));
    QCOMPARE(progress.bytesDone, progress.bytes);
    QCOMPARE(most, progress.bytes); // never more than there is
}

QTEST_GUILESS_MAIN(TestUploads)
#include "tst_uploads.moc"
