#include "integration/testcertificates.h"
#include "support/clirun.h"
#include "support/nodeprocess.h"
#include "support/requester.h"
#include "support/sandboxprocess.h"
#include "support/waiting.h"

#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;
using test::CliRun;
using test::SandboxProcess;

/// A node and its doctor against a backend and a broker that both speak TLS.
class TestTls : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void worksWithOurOwnAuthorityAndClientCertificate();
    void trustsTheSystemsAuthorities();
    void saysWhatIsWrong_data();
    void saysWhatIsWrong();
    void refusesFilesOfNoUse_data();
    void refusesFilesOfNoUse();

private:
    std::unique_ptr<SandboxProcess> sandbox(const QString &certificate, bool wantsClients) const;
    QStringList trusting(const QString &authority) const;
    QStringList presenting(const QString &certificate) const;
    static QString doctor(const NodeProcess &node);

    TestCertificates m_certificates;
};

namespace {

/// The line of the doctor's findings about `subject`.
QString finding(const QString &findings, const QString &subject)
{
    for (const QString &line : findings.split(u'\n')) {
        if (line.mid(9).startsWith(subject + u' '))
            return line;
    }
    return {};
}

} // namespace

void TestTls::initTestCase()
{
    const QString here = u"DNS:localhost,IP:127.0.0.1"_s;
    QVERIFY(m_certificates.makeAuthority(u"ca"_s));
    QVERIFY(m_certificates.makeAuthority(u"stranger"_s));
    QVERIFY(m_certificates.makeCertificate(u"here"_s, u"ca"_s, here));
    QVERIFY(m_certificates.makeCertificate(u"elsewhere"_s, u"ca"_s, u"DNS:elsewhere.example"_s));
    QVERIFY(m_certificates.makeExpiredCertificate(u"expired"_s, u"ca"_s, here));
    QVERIFY(m_certificates.makeCertificate(u"node"_s, u"ca"_s, u"DNS:node.example"_s));
    QVERIFY(m_certificates.makeCertificate(u"unknown"_s, u"stranger"_s, u"DNS:node.example"_s));
    QVERIFY(m_certificates.makeExpiredCertificate(u"old"_s, u"ca"_s, u"DNS:node.example"_s));
}

std::unique_ptr<SandboxProcess> TestTls::sandbox(const QString &certificate, bool wantsClients) const
{
    QStringList options = {u"--mqtt-port"_s, u"0"_s,
                           u"--tls-cert"_s,  m_certificates.certificatePath(certificate),
                           u"--tls-key"_s,   m_certificates.keyPath(certificate)};
    if (wantsClients)
        options << u"--tls-client-ca"_s << m_certificates.certificatePath(u"ca"_s);
    auto process = std::make_unique<SandboxProcess>(options);
    const auto started = process->start();
    if (!started)
        qWarning().noquote() << started.error().text();
    return started ? std::move(process) : nullptr;
}

QStringList TestTls::trusting(const QString &authority) const
{
    const QString path = m_certificates.certificatePath(authority);
    return {u"mqtt_use_tls: true"_s, u"mqtt_tls_ca_certs: "_s + path, u"api_tls_ca_certs: "_s + path};
}

QStringList TestTls::presenting(const QString &certificate) const
{
    const QString path = m_certificates.certificatePath(certificate);
    const QString key = m_certificates.keyPath(certificate);
    return {u"mqtt_tls_certfile: "_s + path, u"mqtt_tls_keyfile: "_s + key, u"api_tls_certfile: "_s + path,
            u"api_tls_keyfile: "_s + key};
}

QString TestTls::doctor(const NodeProcess &node)
{
    QProcess process;
    CliRun::start(process,
                  QStringList{u"doctor"_s, u"--config"_s, node.projectFile(u"cyberwave.yml"_s),
                              u"--state-dir"_s, node.stateDir()} +
                      node.arguments,
                  node.environment.toStringList());
    return CliRun::of(process).out;
}

void TestTls::worksWithOurOwnAuthorityAndClientCertificate()
{
    const auto cloud = sandbox(u"here"_s, true);
    QVERIFY(cloud);
    NodeProcess node(cloud->apiUrl(), cloud->mqttPort());
    node.configure(QStringList{u"training: echo trained"_s} + trusting(u"ca"_s) + presenting(u"node"_s));
    QVERIFY(node.startAndWait());
    Requester requester(cloud->mqttPlainPort());
    QVERIFY(requester.start());
    requester.send(node.slug(), u"training"_s, u"t1"_s);
    WAIT_FOR_EQUAL(requester.final(u"t1"_s).value("output"_L1).toString(), u"trained\n"_s);
    const QString findings = doctor(node);
    QVERIFY2(finding(findings, u"backend"_s).startsWith(u"ok"_s), qPrintable(findings));
    QVERIFY2(finding(findings, u"broker"_s).startsWith(u"ok"_s), qPrintable(findings));
    node.kill();
    QVERIFY(cloud->stop());
}

void TestTls::trustsTheSystemsAuthorities()
{
    // In a mount namespace of its own the node finds our authority where the system keeps its own.
    const auto cloud = sandbox(u"here"_s, false);
    QVERIFY(cloud);
    QTemporaryDir certificates;
    QVERIFY(QFile::copy(m_certificates.certificatePath(u"ca"_s), certificates.filePath(u"ca.pem"_s)));
    QCOMPARE(QProcess::execute(u"openssl"_s, {u"rehash"_s, certificates.path()}), 0);
    NodeProcess node(cloud->apiUrl(), cloud->mqttPort());
    node.configure({u"mqtt_use_tls: true"_s});
    const QString script = u"mount --bind \"$0\" /etc/ssl/certs && exec \"$@\""_s;
    node.wrapper = {u"unshare"_s, u"-m"_s, u"sh"_s, u"-c"_s, script, certificates.path()};
    QVERIFY(node.startAndWait());
}

void TestTls::saysWhatIsWrong_data()
{
    QTest::addColumn<QString>("server");
    QTest::addColumn<bool>("wantsClients");
    QTest::addColumn<QString>("authority"); // empty: the system's
    QTest::addColumn<QString>("client");    // empty: none
    QTest::addColumn<QString>("remedy");    // %1: the prefix of the settings
    QTest::addColumn<QString>(
        "ofBackend"); // likewise, where another one fits better; the sandbox says no word
    const QString authority = u"let %1_ca_certs name a file with the authority"_s;
    const QString silent = u"may want a client certificate that it trusts: see %1_certfile"_s;
    const QString ours = u"does not accept our client certificate"_s;
    QTest::newRow("an authority that we do not know")
        << u"here"_s << false << u"stranger"_s << QString() << authority << QString();
    QTest::newRow("one that the system does not know")
        << u"here"_s << false << QString() << QString() << authority << QString();
    QTest::newRow("made out for another host")
        << u"elsewhere"_s << false << u"ca"_s << QString() << u"made out for another host"_s << QString();
    QTest::newRow("expired") << u"expired"_s << false << u"ca"_s << QString()
                             << u"Check this computer's clock; if it is right"_s << QString();
    QTest::newRow("wants to see ours, and we have none")
        << u"here"_s << true << u"ca"_s << QString() << u"set %1_certfile and %1_keyfile"_s << silent;
    QTest::newRow("does not know who signed ours")
        << u"here"_s << true << u"ca"_s << u"unknown"_s << ours << silent;
}

void TestTls::saysWhatIsWrong()
{
    QFETCH(QString, server);
    QFETCH(bool, wantsClients);
    QFETCH(QString, authority);
    QFETCH(QString, client);
    QFETCH(QString, remedy);
    QFETCH(QString, ofBackend);
    const auto cloud = sandbox(server, wantsClients);
    QVERIFY(cloud);
    NodeProcess node(cloud->apiUrl(), cloud->mqttPort());
    // With an instance of its own it need not wait for the backend before it turns to the broker.
    node.environment.insert(u"CYBERWAVE_CLOUD_NODE_INSTANCE_UUID"_s,
                            u"11111111-2222-3333-4444-555555555555"_s);
    node.configure((authority.isEmpty() ? QStringList{u"mqtt_use_tls: true"_s} : trusting(authority)) +
                   (client.isEmpty() ? QStringList() : presenting(client)));
    node.start();
    ofBackend = QString(ofBackend.isEmpty() ? remedy : ofBackend).replace(u"%1"_s, u"api_tls"_s);
    const QString ofBroker = QString(remedy).replace(u"%1"_s, u"mqtt_tls"_s);
    const auto complains = [&node](const QString &port, const QString &what) {
        for (const QString &line : node.log().split(u'\n')) {
            if (line.contains(u':' + port) && line.contains(what))
                return true;
        }
        return false;
    };
    WAIT_FOR(complains(QString::number(cloud->apiUrl().port()), ofBackend));
    WAIT_FOR(complains(QString::number(cloud->mqttPort()), ofBroker));
    QVERIFY(!node.log().contains(u" ready: "_s));
    QVERIFY(cloud->events(u"request"_s).isEmpty()); // not one came through
    const QString findings = doctor(node);
    QVERIFY2(finding(findings, u"backend"_s).startsWith(u"PROBLEM"_s), qPrintable(findings));
    QVERIFY2(finding(findings, u"backend"_s).contains(ofBackend), qPrintable(findings));
    QVERIFY2(finding(findings, u"broker"_s).startsWith(u"PROBLEM"_s), qPrintable(findings));
    QVERIFY2(finding(findings, u"broker"_s).contains(ofBroker), qPrintable(findings));
}

void TestTls::refusesFilesOfNoUse_data()
{
    QTest::addColumn<QStringList>("lines");
    QTest::addColumn<QString>("problem");
    const QString ca = m_certificates.certificatePath(u"ca"_s);
    const QString key = m_certificates.keyPath(u"ca"_s);
    const auto row = [](const char *name, const QStringList &lines, const QString &problem) {
        QTest::newRow(name) << lines << problem;
    };
    row("a missing file", {u"api_tls_ca_certs: missing.pem"_s}, u"expected a file that can be read"_s);
    row("no certificates in it", {u"api_tls_ca_certs: "_s + key}, u"no certificate can be read"_s);
    row("a certificate without its key", {u"api_tls_certfile: "_s + ca},
        u"api_tls_certfile is given without its api_tls_keyfile"_s);
    row("a key without its certificate", {u"mqtt_use_tls: true"_s, u"mqtt_tls_keyfile: "_s + key},
        u"mqtt_tls_keyfile is given without its mqtt_tls_certfile"_s);
    row("no key in it", {u"api_tls_certfile: "_s + ca, u"api_tls_keyfile: "_s + ca},
        u"no private key can be read"_s);
    row("our own certificate has expired", presenting(u"old"_s), u"our client certificate has expired"_s);
}

void TestTls::refusesFilesOfNoUse()
{
    QFETCH(QStringList, lines);
    QFETCH(QString, problem);
    NodeProcess node(QUrl(u"https://127.0.0.1:1"_s), 1);
    node.configure(lines);
    node.start();
    QVERIFY(node.waitUntilEnded());
    QCOMPARE(node.exitCode(), 1);
    QVERIFY2(node.log().contains(problem), qPrintable(node.log()));
}

QTEST_GUILESS_MAIN(TestTls)
#include "tst_tls.moc"
