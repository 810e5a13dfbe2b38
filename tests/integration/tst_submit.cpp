#include "support/nodeprocess.h"
#include "support/sandboxprocess.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;
using test::SandboxProcess;

/// `cloudnode submit` as a user or a script has it.
class TestSubmit : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void cleanupTestCase();

    void returnsAsTheResultDid_data();
    void returnsAsTheResultDid();
    void readsParamsFromAFile();
    void printsResponsesAsJson();
    void cancels();
    void gaveUpInTime();
    void saysWhatIsWrong_data();
    void saysWhatIsWrong();
    void saysThatNoBrokerIsThere();

private:
    struct Run {
        int exitCode = -1;
        QString out;
        QString err;
    };
    Run submit(const QStringList &arguments) const;

    std::unique_ptr<SandboxProcess> m_sandbox;
    std::unique_ptr<NodeProcess> m_node;
};

void TestSubmit::initTestCase()
{
    m_sandbox = std::make_unique<SandboxProcess>(QStringList{u"--mqtt-port"_s, u"0"_s});
    QVERIFY(m_sandbox->start());
    m_node = std::make_unique<NodeProcess>(m_sandbox->apiUrl(), m_sandbox->mqttPort());
    m_node->configure({u"inference: 'echo got {body}; echo trouble >&2; exit $(cat code)'"_s,
                       u"training: sleep 1000"_s, u"max_concurrent_workloads: 10"_s});
    m_node->addFile(u"code"_s, "0");
    QVERIFY(m_node->startAndWait());
}

void TestSubmit::cleanupTestCase()
{
    m_node.reset();
    QVERIFY(m_sandbox->stop());
}

TestSubmit::Run TestSubmit::submit(const QStringList &arguments) const
{
    QProcess process;
    QProcessEnvironment environment = m_node->environment;
    environment.insert(u"CYBERWAVE_MQTT_HOST"_s, u"127.0.0.1"_s);
    environment.insert(u"CYBERWAVE_MQTT_PORT"_s, QString::number(m_sandbox->mqttPort()));
    process.setProcessEnvironment(environment);
    process.setWorkingDirectory(m_node->stateDir());
    process.start(QStringLiteral(CLOUDNODE_BIN_DIR "/cloudnode"), QStringList{u"submit"_s} + arguments);
    if (!process.waitForFinished())
        return {};
    return {process.exitCode(), QString::fromUtf8(process.readAllStandardOutput()),
            QString::fromUtf8(process.readAllStandardError())};
}

void TestSubmit::returnsAsTheResultDid_data()
{
    QTest::addColumn<QByteArray>("code");
    QTest::addColumn<QString>("target");
    QTest::newRow("well, by slug") << QByteArray("0") << m_node->slug();
    QTest::newRow("well, by uuid") << QByteArray("0") << m_node->uuid();
    QTest::newRow("with the workload's own code") << QByteArray("42") << m_node->slug();
}

void TestSubmit::returnsAsTheResultDid()
{
    QFETCH(QByteArray, code);
    QFETCH(QString, target);
    m_node->addFile(u"code"_s, code);
    const Run run = submit({u"--to"_s, target, u"inference"_s, u"--params"_s, u"{\"a\":1}"_s});
    QCOMPARE(run.exitCode, code.toInt());
    QCOMPARE(run.out, u"got {\"a\":1}\n"_s);
    QVERIFY2(run.err.contains(u"inference runs on "_s + m_node->slug()), qPrintable(run.err));
    QCOMPARE(run.err.contains(u"trouble"_s), code != "0");
}

void TestSubmit::readsParamsFromAFile()
{
    m_node->addFile(u"code"_s, "0");
    m_node->addFile(u"params.json"_s, R"({"b": 2})");
    const Run run = submit({u"--to"_s, m_node->slug(), u"inference"_s, u"--params"_s,
                            u'@' + m_node->projectFile(u"params.json"_s)});
    QCOMPARE(run.out, u"got {\"b\":2}\n"_s);
}

void TestSubmit::printsResponsesAsJson()
{
    m_node->addFile(u"code"_s, "0");
    const Run run =
        submit({u"--to"_s, m_node->slug(), u"inference"_s, u"--json"_s, u"--request-id"_s, u"mine"_s});
    const QStringList lines = run.out.trimmed().split(u'\n');
    QCOMPARE(lines.size(), 2);
    for (const QString &line : lines)
        QCOMPARE(QJsonDocument::fromJson(line.toUtf8()).object().value("request_id"_L1), u"mine"_s);
}

void TestSubmit::cancels()
{
    QProcess training;
    QCOMPARE(
        submit({u"--to"_s, m_node->slug(), u"training"_s, u"--request-id"_s, u"t1"_s, u"--timeout"_s, u"1"_s})
            .exitCode,
        124);
    const Run run = submit(
        {u"--to"_s, m_node->slug(), u"cancel"_s, u"--params"_s, u"{\"workload_request_id\":\"t1\"}"_s});
    QCOMPARE(run.exitCode, 0);
    QVERIFY2(run.out.contains(u"Workload cancelled with SIGTERM"_s), qPrintable(run.out));
}

void TestSubmit::gaveUpInTime()
{
    const Run run = submit({u"--to"_s, m_node->slug(), u"training"_s, u"--timeout"_s, u"1"_s});
    QCOMPARE(run.exitCode, 124);
    QVERIFY2(run.err.contains(u"the workload goes on"_s), qPrintable(run.err));
}

void TestSubmit::saysWhatIsWrong_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("problem");
    QTest::newRow("params that are no JSON")
        << QStringList{u"inference"_s, u"--params"_s, u"{"_s} << u"is not JSON"_s;
    QTest::newRow("params that are a list")
        << QStringList{u"inference"_s, u"--params"_s, u"[1]"_s} << u"is not a JSON object"_s;
    QTest::newRow("a file that is not there")
        << QStringList{u"inference"_s, u"--params"_s, u"@no-such-file"_s} << u"no-such-file"_s;
    QTest::newRow("a target that is a wildcard")
        << QStringList{u"inference"_s, u"--to"_s, u"+"_s} << u"no slug or uuid"_s;
}

void TestSubmit::saysWhatIsWrong()
{
    QFETCH(QStringList, arguments);
    QFETCH(QString, problem);
    if (!arguments.contains(u"--to"_s))
        arguments << u"--to"_s << m_node->slug();
    const Run run = submit(arguments);
    QCOMPARE(run.exitCode, 2);
    QVERIFY2(run.err.contains(problem), qPrintable(run.err));
}

void TestSubmit::saysThatNoBrokerIsThere()
{
    const Run run =
        submit({u"--to"_s, u"x"_s, u"status"_s, u"--mqtt-host"_s, u"127.0.0.1"_s, u"--mqtt-port"_s, u"1"_s});
    QCOMPARE(run.exitCode, 69);
    QVERIFY2(run.err.contains(u"127.0.0.1:1"_s), qPrintable(run.err));
}

QTEST_GUILESS_MAIN(TestSubmit)
#include "tst_submit.moc"
