#include "ui/window/banner.h"

#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;

class TestBanner : public QObject {
    Q_OBJECT

private slots:
    void saysThreeThings();
    void offersTheOneButton_data();
    void offersTheOneButton();
    void goesWithTheTrouble();
};

void TestBanner::saysThreeThings()
{
    Banner banner;
    const QDateTime since = QDateTime::currentDateTimeUtc().addSecs(-60);
    banner.tell(Trouble{u"The broker is away"_s, since, u"Wait."_s, Remedy::TestConnection});
    QVERIFY(!banner.isHidden());
    QCOMPARE(banner.accessibleName(), u"The broker is away"_s);
    QVERIFY(banner.accessibleDescription().startsWith(u"Since "_s));
    QVERIFY(banner.accessibleDescription().endsWith(u"Wait."_s));
}

void TestBanner::offersTheOneButton_data()
{
    QTest::addColumn<Remedy>("remedy");
    QTest::addColumn<QString>("text");
    QTest::newRow("settings") << Remedy::OpenSettings << u"Open settings"_s;
    QTest::newRow("test") << Remedy::TestConnection << u"Test connection"_s;
    QTest::newRow("start") << Remedy::StartNode << u"Start node"_s;
    QTest::newRow("install") << Remedy::ShowInstallLog << u"Show install log"_s;
}

void TestBanner::offersTheOneButton()
{
    QFETCH(Remedy, remedy);
    Banner banner;
    banner.tell(Trouble{u"x"_s, {}, {}, remedy});
    auto *button = banner.findChild<QPushButton *>();
    QTEST(button->text(), "text");
    QSignalSpy chosen(&banner, &Banner::remedyChosen);
    QTest::mouseClick(button, Qt::LeftButton);
    QCOMPARE(chosen.at(0).at(0).value<Remedy>(), remedy);
}

void TestBanner::goesWithTheTrouble()
{
    Banner banner;
    QVERIFY(banner.isHidden());
    const Trouble trouble{u"x"_s, {}, {}, Remedy::None};
    banner.tell(trouble);
    QVERIFY(banner.findChild<QPushButton *>()->isHidden());
    banner.tell(std::nullopt);
    QVERIFY(banner.isHidden());
    banner.tell(trouble);
    QVERIFY(!banner.isHidden());
}

QTEST_MAIN(TestBanner)
#include "tst_banner.moc"
