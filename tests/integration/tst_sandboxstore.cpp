#include "integration/testcertificates.h"
#include "support/mqttasker.h"
#include "support/sandboxprocess.h"
#include "support/waiting.h"

#include <QCryptographicHash>
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using cloudnode::patience;
using cloudnode::test::MqttAsker;
using cloudnode::test::SandboxProcess;

namespace {

/// A place that was given out.
struct Place {
    QUrl url;
    QString name;
    QString attachment() const { return name.section(u'.', 0, 0); }
};

/// What a request for a file says, besides its first line.
QByteArray headers(qint64 length)
{
    return "Host: 127.0.0.1\r\nContent-Type: application/octet-stream\r\nContent-Length: " +
           QByteArray::number(length) + "\r\n";
}

QByteArray put(const QUrl &url, const QByteArray &headerLines)
{
    return "PUT " + url.toEncoded(QUrl::RemoveScheme | QUrl::RemoveAuthority) + " HTTP/1.1\r\n" +
           headerLines + "\r\n";
}

/// Speaks with the store as it likes, over one connection.
class Visitor {
public:
    explicit Visitor(const QUrl &url)
    {
        m_socket.connectToHost(url.host(), static_cast<quint16>(url.port()));
    }

    bool isConnected()
    {
        return QTest::qWaitFor([&] { return m_socket.state() == QAbstractSocket::ConnectedState; }, patience);
    }
    void send(const QByteArray &bytes) { m_socket.write(bytes); }
    bool sendAll()
    {
        return QTest::qWaitFor([&] { return m_socket.bytesToWrite() == 0 || isCut(); }, patience);
    }
    /// The status of the next answer, of which all has come; 0 if the connection ended before.
    int answer()
    {
        qsizetype size = 0;
        const bool settled = QTest::qWaitFor(
            [&] {
                m_received += m_socket.readAll();
                size = sizeOfAnswer();
                return size > 0 || isCut();
            },
            patience);
        const QByteArray whole = m_received.left(size);
        m_received.remove(0, size);
        return settled ? whole.split(' ').value(1).toInt() : 0;
    }
    bool isCut() const { return m_socket.state() == QAbstractSocket::UnconnectedState; }
    void leave() { m_socket.abort(); }
    bool isSilent() const { return m_socket.bytesAvailable() == 0; }

private:
    /// Of the one that m_received begins with; 0 if it is not all there.
    qsizetype sizeOfAnswer() const
    {
        const qsizetype head = m_received.indexOf("\r\n\r\n") + 4;
        const QByteArray name = "Content-Length: ";
        const qsizetype length = m_received.indexOf(name);
        if (head < 4 || length < 0)
            return 0;
        const qsizetype start = length + name.size();
        const qsizetype size = head + m_received.mid(start, m_received.indexOf('\r', start) - start).toInt();
        return m_received.size() >= size ? size : 0;
    }

    QTcpSocket m_socket;
    QByteArray m_received;
};

/// One PUT over a connection of its own; its status.
int bring(const QUrl &url, const QByteArray &content)
{
    Visitor visitor(url);
    visitor.send(put(url, headers(content.size())) + content);
    return visitor.answer();
}

QByteArray sha256(const QByteArray &content)
{
    return QCryptographicHash::hash(content, QCryptographicHash::Sha256).toHex();
}

/// Unit: kilobytes.
qint64 memoryOf(qint64 pid)
{
    QFile status(u"/proc/%1/status"_s.arg(pid));
    if (!status.open(QIODevice::ReadOnly))
        return 0;
    for (const QByteArray &line : status.readAll().split('\n')) {
        if (line.startsWith("VmRSS:"))
            return line.mid(6).trimmed().split(' ').first().toLongLong();
    }
    return 0;
}

} // namespace

/// The sandbox's store of result files, visited by a plain socket.
class TestSandboxStore : public QObject {
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void storesWhatIsBrought();
    void givesAPlaceWithoutSayingSuccess();
    void keepsFilesIfAsked();
    void takesSeveralFilesOverOneConnection();
    void takesFilesInPieces();
    void tellsOfBreaches_data();
    void tellsOfBreaches();
    void aURLIsForOnce();
    void goesWrong_data();
    void goesWrong();
    void cutsTheConnection();
    void losesItsAnswer();
    void takesItsTime();
    void anExpiredURLStaysSo();
    void oneWhoLeavesMayComeBack();
    void confirmsWhatIsThere();
    void refusesToConfirm_data();
    void refusesToConfirm();
    void needsNoMoreMemoryForMore();
    void speaksTls();

private:
    void start(const QStringList &more = {});
    Place place(const QString &fileName, const QString &workload = u"w1"_s);
    QJsonObject confirm(const QList<Place> &places, const QStringList &fileNames);

    std::unique_ptr<SandboxProcess> m_sandbox;
    std::unique_ptr<MqttAsker> m_asker;
};

void TestSandboxStore::init()
{
    start();
}

void TestSandboxStore::start(const QStringList &more)
{
    cleanup();
    m_sandbox = std::make_unique<SandboxProcess>(
        QStringList{u"--mqtt-port"_s, u"0"_s, u"--control-plane"_s, u"mqtt"_s, u"--any-workload"_s} + more);
    const auto started = m_sandbox->start();
    QVERIFY2(started, started ? "" : qPrintable(started.error().text()));
    const quint16 plainPort = m_sandbox->mqttPlainPort();
    m_asker = std::make_unique<MqttAsker>(plainPort != 0 ? plainPort : m_sandbox->mqttPort());
    QVERIFY(m_asker->start());
}

void TestSandboxStore::cleanup()
{
    m_asker.reset();
    m_sandbox.reset();
}

Place TestSandboxStore::place(const QString &fileName, const QString &workload)
{
    const QJsonObject given =
        m_asker->ask(u"cloud-workload/%1/request-signed-url"_s.arg(workload), {{u"filename"_s, fileName}});
    return {QUrl(given[u"signed_url"_s].toString()), given[u"filename"_s].toString()};
}

QJsonObject TestSandboxStore::confirm(const QList<Place> &places, const QStringList &fileNames)
{
    QStringList urls;
    QStringList uuids;
    for (const Place &each : places) {
        urls << each.url.toString(QUrl::FullyEncoded);
        uuids << each.attachment();
    }
    return m_asker->ask(u"cloud-workload/w1/upload-results"_s,
                        {{u"filenames"_s, QJsonArray::fromStringList(fileNames)},
                         {u"signed_urls"_s, QJsonArray::fromStringList(urls)},
                         {u"attachment_uuids"_s, QJsonArray::fromStringList(uuids)}});
}

void TestSandboxStore::storesWhatIsBrought()
{
    const Place given = place(u"runs/1/my model.pt"_s);
    QVERIFY(given.name.endsWith(u".pt"_s));
    QCOMPARE(given.attachment().size(), 36);
    QCOMPARE(bring(given.url, "abc"), 200);
    QVERIFY(m_sandbox->waitForEvent(u"stored"_s));
    const QJsonObject stored = m_sandbox->events(u"stored"_s).first();
    QCOMPARE(stored[u"workload_uuid"_s], u"w1"_s);
    QCOMPARE(stored[u"filename"_s], u"runs/1/my model.pt"_s);
    QCOMPARE(stored[u"attachment"_s], given.attachment());
    QCOMPARE(stored[u"bytes"_s], 3);
    QCOMPARE(stored[u"sha256"_s].toString().toLatin1(), sha256("abc"));
    QCOMPARE(bring(place(u"empty"_s).url, {}), 200);
    QVERIFY(m_sandbox->stop());
}

/// The backend leaves it out, which is no failure.
void TestSandboxStore::givesAPlaceWithoutSayingSuccess()
{
    const QJsonObject given =
        m_asker->ask(u"cloud-workload/w1/request-signed-url"_s, {{u"filename"_s, u"a"_s}});
    QCOMPARE(given.keys(), (QStringList{u"expiration_hours"_s, u"filename"_s, u"signed_url"_s}));
}

void TestSandboxStore::keepsFilesIfAsked()
{
    const QTemporaryDir folder;
    start({u"--store"_s, folder.path()});
    const Place given = place(u"a/b.txt"_s);
    QCOMPARE(bring(given.url, "kept"), 200);
    QFile file(folder.filePath(given.name));
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), "kept");
    QVERIFY(m_sandbox->fail({u"store=cut=2:1"_s}));
    QCOMPARE(bring(place(u"c"_s).url, "lost"), 0);
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files), QStringList{given.name});
}

void TestSandboxStore::takesSeveralFilesOverOneConnection()
{
    const Place one = place(u"one"_s);
    const Place two = place(u"two"_s);
    Visitor visitor(one.url);
    visitor.send(put(one.url, headers(1)) + "1");
    QCOMPARE(visitor.answer(), 200);
    visitor.send(put(two.url, headers(1)) + "2");
    QCOMPARE(visitor.answer(), 200);
    QVERIFY(m_sandbox->stop());
}

void TestSandboxStore::takesFilesInPieces()
{
    const Place given = place(u"one"_s);
    Visitor visitor(given.url);
    const QByteArray all = put(given.url, headers(6)) + "abcdef";
    for (const QByteArray &piece : {all.left(10), all.mid(10, all.size() - 14), all.right(4)}) {
        visitor.send(piece);
        QVERIFY(visitor.sendAll());
    }
    QCOMPARE(visitor.answer(), 200);
    QVERIFY(m_sandbox->waitForEvent(u"stored"_s));
    QCOMPARE(m_sandbox->events(u"stored"_s).first()[u"sha256"_s].toString().toLatin1(), sha256("abcdef"));
}

void TestSandboxStore::tellsOfBreaches_data()
{
    QTest::addColumn<QByteArray>("method");
    QTest::addColumn<QByteArray>("headerLines");
    QTest::addColumn<QString>("spoiled"); // in the URL
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("problem");
    const QByteArray type = "Content-Type: application/octet-stream\r\n";
    QTest::newRow("another method") << QByteArray("POST") << headers(1) << QString() << 405 << u"POST"_s;
    QTest::newRow("our token") << QByteArray("PUT") << headers(1) + "Authorization: Token sandbox-token\r\n"
                               << QString() << 400 << u"takes no Authorization"_s;
    QTest::newRow("another type") << QByteArray("PUT")
                                  << QByteArray("Content-Type: text/plain\r\nContent-Length: 1\r\n")
                                  << QString() << 400 << u"\"text/plain\""_s;
    QTest::newRow("no type") << QByteArray("PUT") << QByteArray("Content-Length: 1\r\n") << QString() << 400
                             << u"Content-Type is \"\""_s;
    QTest::newRow("no length") << QByteArray("PUT") << type << QString() << 411 << u"no Content-Length"_s;
    QTest::newRow("chunks") << QByteArray("PUT") << type + "Transfer-Encoding: chunked\r\n"
                            << QString() << 411 << u"no Content-Length"_s;
    QTest::newRow("a signature of its own")
        << QByteArray("PUT") << headers(1) << u"signature="_s << 403 << u"signature does not fit"_s;
    QTest::newRow("a later end") << QByteArray("PUT") << headers(1) << u"expires="_s << 403
                                 << u"signature does not fit"_s;
    QTest::newRow("a place that is none")
        << QByteArray("PUT") << headers(1) << u"attachment="_s << 403 << u"nobody was given"_s;
}

void TestSandboxStore::tellsOfBreaches()
{
    QFETCH(QByteArray, method);
    QFETCH(QByteArray, headerLines);
    QFETCH(QString, spoiled);
    QFETCH(int, status);
    QFETCH(QString, problem);
    QUrl url = place(u"file"_s).url;
    if (!spoiled.isEmpty())
        url.setQuery(url.query().replace(spoiled, spoiled + u'9'));
    Visitor visitor(url);
    visitor.send(put(url, headerLines).replace(0, 3, method) + 'x');
    QCOMPARE(visitor.answer(), status);
    QVERIFY(m_sandbox->waitForEvent(u"breach"_s));
    const QString reason = m_sandbox->events(u"breach"_s).first()[u"reason"_s].toString();
    QVERIFY2(reason.contains(problem), qPrintable(reason));
    QVERIFY(!reason.contains(u"sandbox-token"_s));
    QVERIFY(!m_sandbox->hasEvent(u"stored"_s));
}

void TestSandboxStore::aURLIsForOnce()
{
    const Place given = place(u"file"_s);
    QCOMPARE(bring(given.url, "a"), 200);
    QCOMPARE(bring(given.url, "b"), 403);
    const auto stopped = m_sandbox->stop();
    QVERIFY(!stopped);
    QVERIFY2(stopped.error().text().contains(u"used before"_s), qPrintable(stopped.error().text()));
    QCOMPARE(m_sandbox->events(u"stored"_s).size(), 1);
}

void TestSandboxStore::goesWrong_data()
{
    QTest::addColumn<QString>("effect");
    QTest::addColumn<int>("status"); // 0: none
    QTest::newRow("a status") << u"503"_s << 503;
    QTest::newRow("half an answer") << u"close"_s << 0;
    QTest::newRow("a cut connection") << u"cut=2"_s << 0;
    QTest::newRow("a connection cut at once") << u"cut=0"_s << 0;
}

/// Then nothing is stored, and the same URL is good for another attempt.
void TestSandboxStore::goesWrong()
{
    QFETCH(QString, effect);
    QFETCH(int, status);
    QVERIFY(m_sandbox->fail({u"store=%1:1"_s.arg(effect)}));
    const Place given = place(u"file"_s);
    QCOMPARE(bring(given.url, "abcdef"), status);
    QVERIFY(m_sandbox->waitForEvent(u"fault"_s));
    QCOMPARE(m_sandbox->events(u"fault"_s).first()[u"effect"_s], effect);
    QCOMPARE(bring(given.url, "abcdef"), 200);
    QVERIFY(m_sandbox->stop());
    QCOMPARE(m_sandbox->events(u"stored"_s).size(), 1);
}

void TestSandboxStore::cutsTheConnection()
{
    QVERIFY(m_sandbox->fail({u"store=cut=1000000:1"_s}));
    const Place given = place(u"file"_s);
    QCOMPARE(bring(given.url, QByteArray(3'000'000, 'x')), 0);
    QVERIFY(m_sandbox->waitForEvent(u"store_interrupted"_s));
    QCOMPARE(m_sandbox->events(u"store_interrupted"_s).first()[u"bytes"_s], 1'000'000);
}

void TestSandboxStore::losesItsAnswer()
{
    QVERIFY(m_sandbox->fail({u"store=lost:1"_s}));
    const Place given = place(u"file"_s);
    Visitor visitor(given.url);
    visitor.send(put(given.url, headers(1)) + "x");
    QVERIFY(m_sandbox->waitForEvent(u"stored"_s));
    QCOMPARE(bring(place(u"other"_s).url, "y"), 200); // by then an answer would have come
    QVERIFY(visitor.isSilent());
}

void TestSandboxStore::takesItsTime()
{
    QVERIFY(m_sandbox->fail({u"store=crawl=2000:1"_s, u"store=slow=300:1"_s}));
    const Place slowly = place(u"file"_s);
    QElapsedTimer time;
    time.start();
    QCOMPARE(bring(slowly.url, QByteArray(1000, 'x')), 200);
    QVERIFY2(time.elapsed() >= 300,
             qPrintable(QString::number(time.elapsed()))); // 500, but for the first tick
    time.restart();
    QCOMPARE(bring(place(u"late"_s).url, "x"), 200);
    QVERIFY2(time.elapsed() >= 300, qPrintable(QString::number(time.elapsed())));
    QCOMPARE(m_sandbox->events(u"stored"_s).size(), 2);
}

void TestSandboxStore::anExpiredURLStaysSo()
{
    QVERIFY(m_sandbox->fail({u"store=expired:1"_s}));
    const Place given = place(u"file"_s);
    QCOMPARE(bring(given.url, "x"), 403);
    QCOMPARE(bring(given.url, "x"), 403);
    QCOMPARE(bring(place(u"file"_s).url, "x"), 200);
    QVERIFY(m_sandbox->stop());
}

void TestSandboxStore::oneWhoLeavesMayComeBack()
{
    const Place given = place(u"file"_s);
    {
        Visitor visitor(given.url);
        visitor.send(put(given.url, headers(100)) + "half");
        QVERIFY(visitor.isConnected());
        QVERIFY(visitor.sendAll());
        WAIT_FOR_EQUAL(bring(given.url, "x"), 409); // while the first one is at it
        visitor.leave();
    }
    QVERIFY(m_sandbox->waitForEvent(u"store_interrupted"_s));
    QCOMPARE(bring(given.url, "x"), 200);
    QVERIFY(m_sandbox->stop());
}

void TestSandboxStore::confirmsWhatIsThere()
{
    const QStringList names = {u"a.txt"_s, u"runs/b"_s};
    const QList<Place> places = {place(names[0]), place(names[1])};
    for (const Place &each : places)
        QCOMPARE(bring(each.url, "x"), 200);
    QCOMPARE(confirm(places, names)[u"success"_s], true);
    QCOMPARE(confirm({places[1], places[0]}, {names[1], names[0]})[u"success"_s], true);
    QCOMPARE(m_sandbox->events(u"results_confirmed"_s).size(), 1);
    QCOMPARE(m_sandbox->events(u"results_confirmed_repeated"_s).size(), 1);
    const QJsonObject event = m_sandbox->events(u"results_confirmed"_s).first();
    QCOMPARE(event[u"workload_uuid"_s], u"w1"_s);
    QCOMPARE(event[u"filenames"_s].toArray(), QJsonArray::fromStringList(names));
    QCOMPARE(event[u"attachment_uuids"_s].toArray().size(), 2);
    QCOMPARE(m_sandbox->workload(u"w1"_s)[u"results"_s].toArray(), QJsonArray::fromStringList(names));
    QVERIFY(m_sandbox->stop());
    for (const QJsonObject &each : m_sandbox->events()) // whoever has a URL could store there
        QVERIFY(!QJsonDocument(each).toJson().contains("signature="));
}

void TestSandboxStore::refusesToConfirm_data()
{
    QTest::addColumn<QString>("sin");
    QTest::addColumn<QString>("problem");
    QTest::newRow("what was never brought") << u"unstored"_s << u"not been stored"_s;
    QTest::newRow("what was given to another") << u"foreign"_s << u"no such attachment"_s;
    QTest::newRow("under another name") << u"renamed"_s << u"another file than"_s;
    QTest::newRow("with another URL") << u"redirected"_s << u"another URL"_s;
    QTest::newRow("one of a list before") << u"subset"_s << u"in another list"_s;
    QTest::newRow("a file twice") << u"again"_s << u"as another attachment"_s;
}

void TestSandboxStore::refusesToConfirm()
{
    QFETCH(QString, sin);
    QFETCH(QString, problem);
    Place one = place(u"one"_s, sin == u"foreign" ? u"w2"_s : u"w1"_s);
    const Place two = place(u"two"_s);
    if (sin != u"unstored")
        QCOMPARE(bring(one.url, "x"), 200);
    QCOMPARE(bring(two.url, "x"), 200);
    if (sin == u"subset" || sin == u"again")
        QCOMPARE(confirm({one, two}, {u"one"_s, u"two"_s})[u"success"_s], true);
    if (sin == u"again") {
        one = place(u"one"_s);
        QCOMPARE(bring(one.url, "x"), 200);
    }
    if (sin == u"redirected")
        one.url.setFragment(u"elsewhere"_s);
    const QJsonObject answer = confirm({one}, {sin == u"renamed" ? u"other"_s : u"one"_s});
    QCOMPARE(answer[u"success"_s], false);
    QCOMPARE(answer[u"code"_s], 409);
    const QString reason = m_sandbox->events(u"breach"_s).value(0)[u"reason"_s].toString();
    QVERIFY2(reason.contains(problem), qPrintable(reason));
    QVERIFY(!reason.contains(u"signature="_s));
}

void TestSandboxStore::needsNoMoreMemoryForMore()
{
    constexpr int pieces = 200;
    const QByteArray piece(1024 * 1024, 'x');
    QCOMPARE(bring(place(u"first"_s).url, piece), 200); // what it needs for any file
    const qint64 before = memoryOf(m_sandbox->processId());
    const Place given = place(u"large"_s);
    Visitor visitor(given.url);
    visitor.send(put(given.url, headers(pieces * piece.size())));
    qint64 most = before;
    for (int i = 0; i < pieces; ++i) {
        visitor.send(piece);
        QVERIFY(visitor.sendAll());
        most = std::max(most, memoryOf(m_sandbox->processId()));
    }
    QCOMPARE(visitor.answer(), 200);
    QVERIFY2(most - before < 16 * 1024, qPrintable(u"%1 kB more"_s.arg(most - before)));
    QVERIFY(m_sandbox->waitForEvent(u"stored"_s, [](const QJsonObject &event) {
        return event[u"bytes"_s].toInteger() == pieces * qint64(1024 * 1024);
    }));
}

/// And asks nobody for a certificate, although the API does: the URL is enough.
void TestSandboxStore::speaksTls()
{
    TestCertificates certificates;
    QVERIFY(certificates.makeAuthority(u"ca"_s));
    QVERIFY(certificates.makeCertificate(u"here"_s, u"ca"_s, u"IP:127.0.0.1"_s));
    start({u"--tls-cert"_s, certificates.certificatePath(u"here"_s), u"--tls-key"_s,
           certificates.keyPath(u"here"_s), u"--tls-client-ca"_s, certificates.certificatePath(u"ca"_s)});
    const Place given = place(u"file"_s);
    QCOMPARE(given.url.scheme(), u"https"_s);
    QNetworkAccessManager network;
    QNetworkRequest request(given.url);
    request.setRawHeader("Content-Type", "application/octet-stream");
    QSslConfiguration tls = request.sslConfiguration();
    tls.setCaCertificates(certificates.certificates(u"ca"_s));
    request.setSslConfiguration(tls);
    const std::unique_ptr<QNetworkReply> reply(network.put(request, QByteArray(1'000'000, 'x')));
    QVERIFY(QTest::qWaitFor([&] { return reply->isFinished(); }, patience));
    QVERIFY2(reply->error() == QNetworkReply::NoError, qPrintable(reply->errorString()));
    QVERIFY(m_sandbox->waitForEvent(u"stored"_s));
    QCOMPARE(m_sandbox->events(u"stored"_s).first()[u"bytes"_s], 1'000'000);
}

QTEST_GUILESS_MAIN(TestSandboxStore)
#include "tst_sandboxstore.moc"
