#include "support/nodeprocess.h"
#include "support/sandboxprocess.h"
#include "support/waiting.h"

#include <QFile>
#include <QTest>

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <csignal>
#include <cstring>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;
using test::SandboxProcess;

namespace {

/// The service manager's end of the protocol.
class FakeManager {
public:
    FakeManager()
    {
        sockaddr_un address = {};
        address.sun_family = AF_UNIX;
        const QByteArray path = QFile::encodeName(socketPath());
        std::memcpy(address.sun_path, path.constData(), static_cast<size_t>(path.size()));
        const auto *where = reinterpret_cast<const sockaddr *>(&address);
        if (::bind(m_socket, where, sizeof address) != 0)
            qFatal("cannot listen as a service manager");
    }
    ~FakeManager() { ::close(m_socket); }
    Q_DISABLE_COPY_MOVE(FakeManager)

    QString socketPath() const { return m_folder.filePath(u"notify"_s); }
    /// All messages until now.
    const QList<QByteArray> &messages()
    {
        char text[1024];
        for (ssize_t size = 0; (size = ::recv(m_socket, text, sizeof text, MSG_DONTWAIT)) >= 0;)
            m_messages << QByteArray(text, size);
        return m_messages;
    }
    qsizetype beats() { return messages().count("WATCHDOG=1"); }

private:
    QTemporaryDir m_folder;
    int m_socket = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    QList<QByteArray> m_messages;
};

} // namespace

/// A real node as a service, with a manager that only listens.
class TestServiceNotifier : public QObject {
    Q_OBJECT

private slots:
    void tellsItsLife();
    void isReadyWithoutABackend();
    void beatsOnlyWhileItsEventLoopTurns();
    void keepsTheSocketFromWorkloads();
};

void TestServiceNotifier::tellsItsLife()
{
    SandboxProcess cloud({u"--mqtt-port"_s, u"0"_s});
    QVERIFY(cloud.start());
    FakeManager manager;
    NodeProcess node(cloud.apiUrl(), cloud.mqttPort());
    node.environment.insert(u"NOTIFY_SOCKET"_s, manager.socketPath());
    QVERIFY(node.startAndWait());
    WAIT_FOR(manager.messages().contains("STATUS=ready"));
    QVERIFY(manager.messages().contains("READY=1"));
    QCOMPARE(manager.beats(), 0); // nobody has asked for them
    node.terminate();
    QVERIFY(node.waitUntilEnded());
    QVERIFY(manager.messages().contains("STOPPING=1"));
}

void TestServiceNotifier::isReadyWithoutABackend()
{
    FakeManager manager;
    NodeProcess node(QUrl(u"http://127.0.0.1:1"_s), 1);
    node.environment.insert(u"NOTIFY_SOCKET"_s, manager.socketPath());
    node.start();
    WAIT_FOR(manager.messages().contains("READY=1"));
    WAIT_FOR(manager.messages().contains("STATUS=registering"));
}

void TestServiceNotifier::beatsOnlyWhileItsEventLoopTurns()
{
    FakeManager manager;
    NodeProcess node(QUrl(u"http://127.0.0.1:1"_s), 1);
    node.environment.insert(u"NOTIFY_SOCKET"_s, manager.socketPath());
    node.environment.insert(u"WATCHDOG_USEC"_s, u"200000"_s);
    node.start();
    WAIT_FOR(manager.beats() >= 3);
    QCOMPARE(::kill(static_cast<pid_t>(node.pid()), SIGSTOP), 0);
    QTest::qWait(200); // what was on its way
    const qsizetype before = manager.beats();
    QTest::qWait(600);
    QCOMPARE(manager.beats(), before);
    QCOMPARE(::kill(static_cast<pid_t>(node.pid()), SIGCONT), 0);
    WAIT_FOR(manager.beats() > before);
}

void TestServiceNotifier::keepsTheSocketFromWorkloads()
{
    FakeManager manager;
    NodeProcess node(QUrl(u"http://127.0.0.1:1"_s), 1);
    node.environment.insert(u"NOTIFY_SOCKET"_s, manager.socketPath());
    node.environment.insert(u"WATCHDOG_USEC"_s, u"60000000"_s);
    node.configure({u"install_script: 'env > seen; mv seen environment'"_s});
    node.start();
    const QString seen = node.projectFile(u"environment"_s);
    WAIT_FOR(QFile::exists(seen));
    QFile file(seen);
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray environment = file.readAll();
    QVERIFY(environment.contains("PATH="));
    QVERIFY(!environment.contains("NOTIFY_SOCKET") && !environment.contains("WATCHDOG"));
}

QTEST_GUILESS_MAIN(TestServiceNotifier)
#include "tst_servicenotifier.moc"
