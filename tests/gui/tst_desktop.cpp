#include "control/controlserver.h"
#include "fakehost.h"
#include "integration/fakecontrolport.h"
#include "support/waiting.h"
#include "ui/desktop/desktop.h"
#include "ui/settings/settingspage.h"
#include "ui/window/banner.h"

#include <QApplication>
#include <QSettings>
#include <QSignalSpy>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;

/// The rules between tray, window and node, with a real socket between them.
class TestDesktop : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void init();
    void cleanup();
    void attachesToANodeThatRuns();
    void hostsANodeWhereNoneRuns();
    void asksForATokenInsteadOfANode();
    void saysWhyNoNodeStarts();
    void aSecondLaunchRaisesTheFirst();
    void closingWithoutATrayQuits();
    void itsKeyQuits();
    void saysWhyItsNodeHasEnded();
    void hintsAtATrayOnce();

private:
    static NodeWindow *window();
    void startNode();

    std::unique_ptr<QTemporaryDir> m_folder;
    FakeHost m_host;
    std::unique_ptr<FakeControlPort> m_port;
    std::unique_ptr<ControlServer> m_server;
    std::unique_ptr<Desktop> m_desktop;
};

void TestDesktop::initTestCase()
{
    QStandardPaths::setTestModeEnabled(true);
    QCoreApplication::setOrganizationName(u"cloudnode-test-%1"_s.arg(QCoreApplication::applicationPid()));
    QGuiApplication::setQuitOnLastWindowClosed(false);
}

void TestDesktop::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_host = FakeHost();
    m_host.token = u"secret"_s;
    m_host.state = m_folder->path();
    m_host.sockets = {m_folder->filePath(u"node.sock"_s)};
    m_port = std::make_unique<FakeControlPort>();
    m_port->snapshot.insert(u"slug"_s, u"my-node"_s);
    m_port->snapshot.insert(u"broker"_s, QJsonObject{{u"connected"_s, true}, {u"host"_s, u"h"_s}});
    m_desktop = std::make_unique<Desktop>(m_host, false);
}

void TestDesktop::cleanup()
{
    m_desktop.reset();
    m_server.reset();
}

NodeWindow *TestDesktop::window()
{
    for (QWidget *widget : QApplication::topLevelWidgets())
        if (auto *found = qobject_cast<NodeWindow *>(widget))
            return found;
    return nullptr;
}

void TestDesktop::startNode()
{
    m_server = std::make_unique<ControlServer>(*m_port);
    QVERIFY(m_server->listen(m_host.sockets));
}

void TestDesktop::attachesToANodeThatRuns()
{
    startNode();
    m_desktop->start();
    WAIT_FOR_EQUAL(window()->windowTitle(), u"my-node: Ready - Cloud Node"_s);
    QVERIFY(window()->isVisible());
    QCOMPARE(m_host.starts, 0);
    m_server.reset(); // killed
    WAIT_FOR_EQUAL(window()->windowTitle(), u"my-node: Offline - Cloud Node"_s);
    QTest::qWait(1500);         // a few attempts to reach it
    QCOMPARE(m_host.starts, 0); // taking its place would keep it from coming back
    startNode();                // started again
    WAIT_FOR_EQUAL(window()->windowTitle(), u"my-node: Ready - Cloud Node"_s);
}

void TestDesktop::hostsANodeWhereNoneRuns()
{
    m_desktop->start();
    WAIT_FOR_EQUAL(m_host.starts, 1);
    startNode();
    WAIT_FOR_EQUAL(window()->windowTitle(), u"my-node: Ready - Cloud Node"_s);
    QCOMPARE(m_host.starts, 1);
}

void TestDesktop::asksForATokenInsteadOfANode()
{
    m_host.token.clear();
    m_desktop->start();
    WAIT_FOR(window()->isVisible());
    WAIT_FOR_EQUAL(window()->windowTitle(), u"Offline - Cloud Node"_s);
    QVERIFY(window()->settings()->isVisible());
    QCOMPARE(m_host.starts, 0);
}

void TestDesktop::saysWhyNoNodeStarts()
{
    m_host.startReply = fail(u"inference is a number"_s, u"cyberwave.yml:3"_s);
    m_desktop->start();
    WAIT_FOR_EQUAL(window()->windowTitle(), u"Needs attention - Cloud Node"_s);
    QCOMPARE(m_host.starts, 1);
}

void TestDesktop::aSecondLaunchRaisesTheFirst()
{
    startNode();
    m_desktop->start();
    WAIT_FOR(window()->isVisible());
    window()->hide();
    NodeWindow *const first = window();
    Desktop other(m_host, false);
    QSignalSpy finished(&other, &Desktop::finished);
    other.start();
    WAIT_FOR_EQUAL(finished.count(), 1);
    WAIT_FOR(first->isVisible());
}

void TestDesktop::closingWithoutATrayQuits()
{
    QSignalSpy finished(m_desktop.get(), &Desktop::finished);
    startNode();
    m_desktop->start();
    WAIT_FOR(window()->isVisible());
    QVERIFY(!QSystemTrayIcon::isSystemTrayAvailable());
    window()->close();
    WAIT_FOR_EQUAL(finished.count(), 1);
}

void TestDesktop::itsKeyQuits()
{
    QSignalSpy finished(m_desktop.get(), &Desktop::finished);
    startNode();
    m_desktop->start();
    WAIT_FOR(window()->isActiveWindow());
    QTest::keyClick(window(), Qt::Key_Q, Qt::ControlModifier);
    WAIT_FOR_EQUAL(finished.count(), 1);
}

void TestDesktop::saysWhyItsNodeHasEnded()
{
    m_desktop->start();
    WAIT_FOR_EQUAL(m_host.starts, 1);
    startNode();
    WAIT_FOR_EQUAL(window()->windowTitle(), u"my-node: Ready - Cloud Node"_s);
    m_host.nodeFailed({u"the backend does not accept the token"_s, {}, {}});
    m_server.reset();
    WAIT_FOR_EQUAL(window()->windowTitle(), u"my-node: Needs attention - Cloud Node"_s);
}

void TestDesktop::hintsAtATrayOnce()
{
    QSettings().clear();
    const auto hint = [this] {
        for (const Banner *banner : window()->findChildren<Banner *>())
            if (banner->isVisible() && banner->accessibleName().contains(u"no place for tray icons"_s))
                return true;
        return false;
    };
    startNode();
    m_desktop->start();
    WAIT_FOR(hint());
    m_desktop = std::make_unique<Desktop>(m_host, false);
    m_desktop->start();
    WAIT_FOR_EQUAL(window()->windowTitle(), u"my-node: Ready - Cloud Node"_s);
    QVERIFY(!hint());
}

QTEST_MAIN(TestDesktop)
#include "tst_desktop.moc"
