#include "fakehost.h"
#include "support/waiting.h"
#include "ui/settings/settingspage.h"

#include <QCheckBox>
#include <QFile>
#include <QFileInfo>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;

class TestSettingsPage : public QObject {
    Q_OBJECT

private slots:
    void init();
    void neverShowsTheKeptToken();
    void savesANewToken();
    void savesWhatWasTyped();
    void notificationsConcernNoNode();
    void saysWhySavingFailed();
    void testsWhatIsTyped();
    void startsAtLogin();

private:
    QLineEdit *field(const QString &name) const;
    QPushButton *button(const QString &text) const;
    QCheckBox *box(const QString &start) const;
    QStringList labels() const;

    std::unique_ptr<QTemporaryDir> m_folder;
    FakeHost m_host;
    std::unique_ptr<SettingsPage> m_page;
};

void TestSettingsPage::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_host = FakeHost();
    m_host.token = u"secret-token"_s;
    m_host.kept.slugHint = u"my-node"_s;
    m_page = std::make_unique<SettingsPage>(
        m_host, Autostart(m_folder->filePath(u"a/autostart"_s), u"/opt/my apps/cloudnode"_s));
    m_page->show();
}

QLineEdit *TestSettingsPage::field(const QString &name) const
{
    for (QLineEdit *edit : m_page->findChildren<QLineEdit *>())
        if (edit->accessibleName() == name)
            return edit;
    return nullptr;
}

QPushButton *TestSettingsPage::button(const QString &text) const
{
    for (QPushButton *each : m_page->findChildren<QPushButton *>())
        if (each->text() == text)
            return each;
    return nullptr;
}

QCheckBox *TestSettingsPage::box(const QString &start) const
{
    for (QCheckBox *each : m_page->findChildren<QCheckBox *>())
        if (each->text().startsWith(start))
            return each;
    return nullptr;
}

QStringList TestSettingsPage::labels() const
{
    QStringList texts;
    for (const QLabel *label : m_page->findChildren<QLabel *>())
        if (label->isVisible())
            texts.append(label->text());
    return texts;
}

void TestSettingsPage::neverShowsTheKeptToken()
{
    for (const QLineEdit *edit : m_page->findChildren<QLineEdit *>())
        QVERIFY(!edit->text().contains(u"secret"_s) && !edit->placeholderText().contains(u"secret"_s));
    QCOMPARE(field(u"API token"_s)->echoMode(), QLineEdit::Password);
    QVERIFY(!button(u"Save"_s)->isEnabled());
}

void TestSettingsPage::savesANewToken()
{
    QSignalSpy saved(m_page.get(), &SettingsPage::saved);
    field(u"API token"_s)->setText(u"  fresh \n"_s);
    QTest::mouseClick(button(u"Save"_s), Qt::LeftButton);
    QCOMPARE(m_host.token, u"fresh"_s);
    QCOMPARE(field(u"API token"_s)->text(), QString());
    QCOMPARE(saved.count(), 1);
    QVERIFY(saved.at(0).at(0).toBool());
}

void TestSettingsPage::savesWhatWasTyped()
{
    QSignalSpy saved(m_page.get(), &SettingsPage::saved);
    field(u"Project folder"_s)->setText(u"/data/project"_s);
    QTest::mouseClick(button(u"Save"_s), Qt::LeftButton);
    QCOMPARE(m_host.kept.projectFolder, u"/data/project"_s);
    QCOMPARE(m_host.kept.slugHint, u"my-node"_s);
    QCOMPARE(m_host.token, u"secret-token"_s);
    QVERIFY(saved.at(0).at(0).toBool());
    QVERIFY(!button(u"Save"_s)->isEnabled());
}

void TestSettingsPage::notificationsConcernNoNode()
{
    QSignalSpy saved(m_page.get(), &SettingsPage::saved);
    for (const QString &name : {u"A workload has finished"_s, u"A workload has failed"_s,
                                u"The node has been offline"_s, u"The install script"_s, u"The token was"_s})
        box(name)->setChecked(false);
    QTest::mouseClick(button(u"Save"_s), Qt::LeftButton);
    const DesktopSettings &kept = m_host.kept;
    QVERIFY(!kept.notifyFinished && !kept.notifyFailed && !kept.notifyOffline);
    QVERIFY(!kept.notifyInstallFailed && !kept.notifyTokenRejected);
    QCOMPARE(saved.count(), 1);
    QVERIFY(!saved.at(0).at(0).toBool());
}

void TestSettingsPage::saysWhySavingFailed()
{
    QSignalSpy saved(m_page.get(), &SettingsPage::saved);
    m_host.saveReply = fail(u"the disk is full"_s);
    field(u"API token"_s)->setText(u"fresh"_s);
    QTest::mouseClick(button(u"Save"_s), Qt::LeftButton);
    QCOMPARE(saved.count(), 0);
    QCOMPARE(field(u"API token"_s)->text(), u"fresh"_s);
    QVERIFY(labels().join(u'\n').contains(u"✗ The disk is full"_s));
}

void TestSettingsPage::testsWhatIsTyped()
{
    m_host.test.broker = Error{u"connection refused"_s, u"mqtt:8883"_s, u"Check the port."_s};
    field(u"API token"_s)->setText(u"typed"_s);
    QTest::mouseClick(button(u"Test connection"_s), Qt::LeftButton);
    QVERIFY(!button(u"Test connection"_s));
    WAIT_FOR(button(u"Test connection"_s));
    QCOMPARE(m_host.testedToken, u"typed"_s);
    QCOMPARE(m_host.token, u"secret-token"_s);
    const QString told = labels().join(u'\n');
    QVERIFY(told.contains(u"Backend: works"_s));
    QVERIFY(told.contains(u"connection refused"_s) && told.contains(u"Check the port."_s));
}

void TestSettingsPage::startsAtLogin()
{
    const QString path = m_folder->filePath(u"a/autostart/cloudnode.desktop"_s);
    box(u"Start when"_s)->setChecked(true);
    QTest::mouseClick(button(u"Save"_s), Qt::LeftButton);
    QFile file(path);
    QVERIFY(file.open(QIODevice::ReadOnly));
    QVERIFY(file.readAll().contains("\nExec=\"/opt/my apps/cloudnode\" --tray\n"));
    box(u"Start when"_s)->setChecked(false);
    QTest::mouseClick(button(u"Save"_s), Qt::LeftButton);
    QVERIFY(!QFileInfo::exists(path));
}

QTEST_MAIN(TestSettingsPage)
#include "tst_settingspage.moc"
