#include "support/clirun.h"
#include "support/nodeprocess.h"
#include "support/requester.h"
#include "support/sandboxprocess.h"
#include "support/waiting.h"

#include <QDirIterator>
#include <QFile>
#include <QJsonDocument>
#include <QTest>

#include <sys/stat.h>
#include <unistd.h>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;
using test::CliRun;
using test::SandboxProcess;

/// What becomes of the token while a real node works.
class TestSecrets : public QObject {
    Q_OBJECT

private slots:
    void init();
    void cleanup();

    void theTokenStaysAtHome();
    void outputIsMaskedInEveryForm();
    void everythingIsForTheOwnerOnly();
    void closesWhatOthersCanRead();
    void leavesFoldersOfOthersAlone();
    void theNodesMemoryIsItsOwn();
    void limitsReachTheWorkload();
    void aWorkloadsOwnTokenIsItsOwn();
    void aWorkloadWithoutItsTokenDoesNotRun();
    void aPictureIsItsWorkloadsOwn();

private:
    QJsonObject finalOf(const QString &requestId);
    QByteArray contentOf(const QString &path) const;
    CliRun cli(const QStringList &words) const;

    std::unique_ptr<SandboxProcess> m_sandbox;
    std::unique_ptr<NodeProcess> m_node;
    std::unique_ptr<Requester> m_requester;
};

namespace {

const QByteArray token = "cw_s3cret+token/with=thorns"; // each of them is escaped somewhere

QByteArray percentEncoded(const QByteArray &text)
{
    return text.toPercentEncoding();
}

/// Each shape in which the token would give itself away.
QList<QByteArray> shapes()
{
    const QByteArray base64 = token.toBase64();
    return {token, percentEncoded(token), QByteArray(token).replace("/", "\\/"), base64.chopped(2)};
}

bool betrays(const QByteArray &text)
{
    const QList<QByteArray> all = shapes();
    return std::any_of(all.cbegin(), all.cend(),
                       [&](const QByteArray &shape) { return text.contains(shape); });
}

/// The mode of each file and folder below `path` that others may use, for a person to read.
QStringList openToOthers(const QString &path)
{
    QStringList found;
    QDirIterator each(path, QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot,
                      QDirIterator::Subdirectories);
    while (each.hasNext()) {
        const QString name = each.next();
        struct stat info = {};
        const bool there = ::lstat(QFile::encodeName(name).constData(), &info) == 0;
        if (there && (info.st_mode & 077) != 0)
            found << name + u' ' + QString::number(info.st_mode & 07777, 8);
    }
    return found;
}

} // namespace

void TestSecrets::init()
{
    m_sandbox = std::make_unique<SandboxProcess>(
        QStringList{u"--mqtt-port"_s, u"0"_s, u"--token"_s, QString::fromLatin1(token)});
    QVERIFY(m_sandbox->start());
    m_node = std::make_unique<NodeProcess>(m_sandbox->apiUrl(), m_sandbox->mqttPort());
    m_node->environment.insert(u"CYBERWAVE_API_TOKEN"_s, QString::fromLatin1(token));
    m_requester = std::make_unique<Requester>(m_sandbox->mqttPort());
    QVERIFY(m_requester->start());
}

void TestSecrets::cleanup()
{
    m_node.reset();
    m_requester.reset();
    m_sandbox.reset();
}

QJsonObject TestSecrets::finalOf(const QString &requestId)
{
    [&] { WAIT_FOR(!m_requester->final(requestId).isEmpty()); }();
    return m_requester->final(requestId);
}

QByteArray TestSecrets::contentOf(const QString &path) const
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

CliRun TestSecrets::cli(const QStringList &words) const
{
    QProcess process;
    CliRun::start(process, words + QStringList{u"--state-dir"_s, m_node->stateDir()},
                  m_node->environment.toStringList());
    return CliRun::of(process);
}

void TestSecrets::theTokenStaysAtHome()
{
    m_node->arguments << u"-v"_s;
    m_node->configure(
        {u"install_script: env"_s, u"training: 'env; cat /proc/self/cmdline; cat /proc/$PPID/cmdline'"_s});
    QVERIFY(m_node->startAndWait());
    m_requester->send(m_node->slug(), u"training"_s, u"t1"_s, QJsonObject{{u"a"_s, 1}});
    const QJsonObject response = finalOf(u"t1"_s);
    QVERIFY(!betrays(QJsonDocument(response).toJson()));
    QVERIFY(!betrays(contentOf(u"/proc/%1/cmdline"_s.arg(m_node->pid()))));
    for (const QString &words :
         {u"status --json"_s, u"workloads --all --json"_s, u"why t1"_s, u"logs t1"_s, u"status"_s}) {
        const CliRun run = cli(words.split(u' '));
        QCOMPARE(run.exitCode, 0);
        QVERIFY2(!betrays((run.out + run.err).toUtf8()), qPrintable(words));
    }
    m_node->terminate();
    QVERIFY(m_node->waitUntilEnded());
    QVERIFY(!betrays(m_node->log().toUtf8()));
    QDirIterator files(m_node->stateDir(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    int seen = 0;
    while (files.hasNext()) {
        const QString path = files.next();
        QVERIFY2(!betrays(contentOf(path)), qPrintable(path));
        ++seen;
    }
    QVERIFY(seen > 5);
}

void TestSecrets::outputIsMaskedInEveryForm()
{
    // The workload may know the token, and tells it to everybody, in pieces too.
    QByteArray program =
        "import os, sys, time, base64, json, urllib.parse\n"
        "t = os.environ['CYBERWAVE_API_TOKEN']\n"
        "print(t); print(urllib.parse.quote(t, safe='')); print(json.dumps(t).replace('/', '\\\\/'))\n"
        "for n in range(3):\n"
        "    print(base64.b64encode(b'x' * n + t.encode()).decode())\n"
        "    print(base64.urlsafe_b64encode(b'x' * n + t.encode()).decode())\n"
        "print('CYBERWAVE_PROGRESS 0.5 ' + t, flush=True)\n"
        "for c in t:\n"
        "    sys.stdout.write(c); sys.stdout.flush(); time.sleep(0.1)\n"
        "print(); print('end', file=sys.stderr); sys.stderr.write(t)\n"
        "sys.stderr.flush()\n"
        "while not os.path.exists('go'): time.sleep(0.05)\n"
        "sys.exit(3)\n";
    m_node->addFile(u"tell.py"_s, program);
    m_node->configure({u"training: python3 tell.py"_s, u"expose_api_token: true"_s});
    QVERIFY(m_node->startAndWait());
    m_requester->send(m_node->slug(), u"training"_s, u"t1"_s);
    const auto shipped = [this](const QString &stream) {
        return m_sandbox->log(m_node->uuid(), stream).value_or(QByteArray());
    };
    WAIT_FOR(shipped(u"stderr"_s).contains("end"));
    (void)cli({u"status"_s}); // has the node look for progress
    WAIT_FOR(cli({u"status"_s, u"--json"_s}).out.contains(u"0.5"_s));
    const QByteArray status = cli({u"status"_s, u"--json"_s}).out.toUtf8();
    QVERIFY2(status.contains("****") && !betrays(status), status.constData());
    m_node->addFile(u"go"_s, {});
    const QByteArray response = QJsonDocument(finalOf(u"t1"_s)).toJson();
    QVERIFY2(!betrays(response), response.constData());
    WAIT_FOR(shipped(u"stderr"_s).endsWith("****"));
    const QByteArray out = shipped(u"stdout"_s);
    QVERIFY2(!betrays(out), out.constData());
    QCOMPARE(out.count("****"), 11); // one a line
    // No letters of it at the seams either.
    QVERIFY2(!out.contains(token.first(4)) && !out.contains(token.last(4)), out.constData());
}

void TestSecrets::everythingIsForTheOwnerOnly()
{
    m_node->wrapper = {u"sh"_s, u"-c"_s, u"umask 0; exec \"$@\""_s, u"sh"_s}; // the worst there is
    m_node->configure({u"install_script: echo installed"_s, u"training: echo trained"_s});
    QVERIFY(m_node->startAndWait());
    m_requester->send(m_node->slug(), u"training"_s, u"t1"_s, QJsonObject{{u"a"_s, 1}});
    finalOf(u"t1"_s);
    QCOMPARE(cli({u"pause"_s}).exitCode, 0);
    WAIT_FOR(QFile::exists(m_node->stateFile(u"events.jsonl"_s)));
    const QStringList open = openToOthers(m_node->stateDir());
    QVERIFY2(open.isEmpty(), qPrintable(open.join(u'\n')));
}

void TestSecrets::closesWhatOthersCanRead()
{
    m_node->environment.remove(u"CYBERWAVE_API_TOKEN"_s);
    QFile credentials(m_node->stateFile(u"credentials.json"_s));
    QVERIFY(credentials.open(QIODevice::WriteOnly));
    credentials.write("{\"token\": \"" + token + "\"}");
    credentials.close();
    QCOMPARE(::chmod(QFile::encodeName(credentials.fileName()).constData(), 0644), 0);
    QCOMPARE(::chmod(QFile::encodeName(m_node->stateDir()).constData(), 0755), 0);
    QVERIFY(m_node->startAndWait());
    QVERIFY(m_node->log().contains(u"credentials.json: holds a secret and was open to others (mode 0644)"_s));
    QVERIFY(m_node->log().contains(m_node->stateDir() + u": was open to others (mode 0755)"_s));
    const QStringList open = openToOthers(m_node->stateDir());
    QVERIFY2(open.isEmpty(), qPrintable(open.join(u'\n')));
}

void TestSecrets::leavesFoldersOfOthersAlone()
{
    QFile photo(m_node->stateFile(u"photo"_s));
    QVERIFY(photo.open(QIODevice::WriteOnly));
    QCOMPARE(::chmod(QFile::encodeName(m_node->stateDir()).constData(), 0755), 0);
    m_node->start();
    QVERIFY(m_node->waitUntilEnded());
    QCOMPARE(m_node->exitCode(), 1);
    QVERIFY2(m_node->log().contains(u"Choose a folder of its own with --state-dir"_s),
             qPrintable(m_node->log()));
}

void TestSecrets::theNodesMemoryIsItsOwn()
{
    m_node->configure({u"training: 'until test -e go; do sleep 0.05; done; echo done'"_s});
    // Root owns all of its processes' files anyway, so the node is somebody else.
    constexpr uid_t nobody = 65534;
    if (::getuid() == 0) {
        m_node->wrapper = {u"setpriv"_s, u"--reuid=65534"_s, u"--regid=65534"_s, u"--clear-groups"_s};
        for (const QString &path :
             {m_node->stateDir(), m_node->projectFile({}), m_node->projectFile(u"cyberwave.yml"_s)})
            QCOMPARE(::chown(QFile::encodeName(path).constData(), nobody, nobody), 0);
    }
    QVERIFY(m_node->startAndWait());
    m_requester->send(m_node->slug(), u"training"_s, u"t1"_s);
    WAIT_FOR(!m_requester->acknowledgement(u"t1"_s).isEmpty());
    const auto ownerOf = [](qint64 pid) {
        struct stat info = {};
        const bool there = ::stat(u"/proc/%1/environ"_s.arg(pid).toLatin1().constData(), &info) == 0;
        return there ? static_cast<qint64>(info.st_uid) : -1;
    };
    const qint64 workload =
        m_requester->acknowledgement(u"t1"_s).value("output"_L1).toObject().value("pid"_L1).toInteger();
    const qint64 user = ::getuid() == 0 ? nobody : ::getuid();
    QCOMPARE(ownerOf(workload), user); // as it is with every process
    QCOMPARE(ownerOf(m_node->pid()), 0);
    // It gets along without them.
    QCOMPARE(cli({u"status"_s}).exitCode, 0);
    m_node->addFile(u"go"_s, {});
    QCOMPARE(finalOf(u"t1"_s).value("output"_L1).toString(), u"done\n"_s);
}

void TestSecrets::limitsReachTheWorkload()
{
    m_node->configure({u"training: 'nice; ulimit -d; python3 -c \"x = bytearray(200 << 20)\"'"_s,
                       u"inference: sleep 60"_s, u"limits:"_s, u"  training:"_s, u"    nice: 17"_s,
                       u"    memory_mb: 100"_s, u"  inference:"_s, u"    timeout_seconds: 1"_s,
                       u"max_concurrent_workloads: 2"_s});
    QVERIFY(m_node->startAndWait());
    m_requester->send(m_node->slug(), u"training"_s, u"t1"_s);
    m_requester->send(m_node->slug(), u"inference"_s, u"i1"_s);
    const QJsonObject failed = finalOf(u"t1"_s);
    QVERIFY2(failed.value("error"_L1).toString().contains(u"MemoryError"_s), qPrintable(m_node->log()));
    QVERIFY2(failed.value("output"_L1).toString().startsWith(u"17\n"_s), qPrintable(m_node->log()));
    QVERIFY(finalOf(u"i1"_s).value("error"_L1).toString().contains(u"stopped after its time limit of 1 s"_s));
}

void TestSecrets::aWorkloadsOwnTokenIsItsOwn()
{
    m_node->configure(
        {u"inference: 'printf \"%s\" \"$CYBERWAVE_API_TOKEN|$CYBERWAVE_API_KEY|$CYBERWAVE_MQTT_PASSWORD\" "
         u"> seen; cat \"$CYBERWAVE_PARAMS_FILE\"'"_s});
    QVERIFY(m_node->startAndWait());
    m_requester->send(m_node->slug(), u"inference"_s, u"r1"_s,
                      QJsonObject{{u"a"_s, 1}, {u"cyberwave_workload_token"_s, u"scoped-0123456789"_s}});
    const QJsonObject response = finalOf(u"r1"_s);
    QCOMPARE(response[u"output"_s].toString(), u"{\"a\":1}"_s);
    QFile seen(m_node->projectFile(u"seen"_s));
    QVERIFY(seen.open(QIODevice::ReadOnly));
    QCOMPARE(seen.readAll(), QByteArray("scoped-0123456789|scoped-0123456789|scoped-0123456789"));

    QVERIFY(!m_node->log().contains(u"scoped-0123456789"_s));
    QDirIterator files(m_node->stateDir(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        const QString path = files.next();
        QVERIFY2(!contentOf(path).contains("scoped-0123456789"), qPrintable(path));
    }
}

/// The node has died between writing it down and starting it.
void TestSecrets::aWorkloadWithoutItsTokenDoesNotRun()
{
    m_node->configure({u"inference: 'echo ran >> runs'"_s});
    QVERIFY(m_node->startAndWait());
    m_requester->send(m_node->slug(), u"inference"_s, u"r1"_s,
                      QJsonObject{{u"cyberwave_workload_token"_s, u"scoped-0123456789"_s}});
    (void)finalOf(u"r1"_s);
    m_node->kill();

    // As it looked then: nothing but what was to run.
    QDirIterator folders(m_node->stateDir() + u"/workloads"_s, QDir::Dirs | QDir::NoDotAndDotDot);
    QVERIFY(folders.hasNext());
    const QDir folder(folders.next());
    const QStringList names = folder.entryList(QDir::Files);
    for (const QString &name : names) {
        if (name != u"spec.json")
            QVERIFY(QFile::remove(folder.filePath(name)));
    }
    const qsizetype before = m_requester->to(u"r1"_s).size();
    QVERIFY(m_node->startAndWait());
    WAIT_FOR(m_requester->to(u"r1"_s).size() > before);
    const QJsonObject response = m_requester->to(u"r1"_s).last();
    QCOMPARE(response[u"status"_s].toString(), u"error"_s);
    QVERIFY(response[u"error"_s].toString().contains(u"keeps no token"_s));
    QCOMPARE(contentOf(m_node->projectFile(u"runs"_s)), QByteArray("ran\n"));
}

void TestSecrets::aPictureIsItsWorkloadsOwn()
{
    m_node->configure(
        {u"inference: 'cat \"$CYBERWAVE_PARAMS_FILE\"; cmp \"$CYBERWAVE_IMAGE_FILE\" expected && "
         u"stat -c \" %n %a\" $CYBERWAVE_INPUTS_DIR/*'"_s});
    const QByteArray picture("\x89PNG\r\n\0 picture", 15);
    QFile expected(m_node->projectFile(u"expected"_s));
    QVERIFY(expected.open(QIODevice::WriteOnly) && expected.write(picture) == picture.size());
    expected.close();
    QVERIFY(m_node->startAndWait());
    m_requester->send(m_node->slug(), u"inference"_s, u"r1"_s,
                      QJsonObject{{u"image_bytes_base64"_s,
                                   QString::fromLatin1("data:image/png;base64," + picture.toBase64())}});
    const QJsonObject response = finalOf(u"r1"_s);
    QCOMPARE(response[u"status"_s].toString(), u"ok"_s);
    const QString output = response[u"output"_s].toString();
    QVERIFY2(output.startsWith(u"{\"image\":\"image_inference_r1.png\"}"_s), qPrintable(output));
    QVERIFY2(output.trimmed().endsWith(u"/inputs/image_inference_r1.png 600"_s), qPrintable(output));
}

QTEST_GUILESS_MAIN(TestSecrets)
#include "tst_secrets.moc"
