#include "config/instanceidentity.h"
#include "config/statepaths.h"
#include "platform/atomicfile.h"

#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

#include <sys/stat.h>

using namespace Qt::Literals::StringLiterals;
namespace atomicfile = cloudnode::atomicfile;
using cloudnode::InstanceIdentity;
using cloudnode::StatePaths;

class TestInstanceIdentity : public QObject {
    Q_OBJECT

private slots:
    void comesBackAsItWasSaved();
    void writesWhatOthersRead();
    void isForItsOwnerOnly();
    void saysWhyItCannotBeSaved();
    void readsWhatOthersWrote();
    void isNoneAndSilentWithoutAFile();
    void isNoneAndSaysWhy_data();
    void isNoneAndSaysWhy();

private:
    QTemporaryDir m_dir;
    const InstanceIdentity m_identity = {.uuid = u"6c03af00-cf59-4a64-96c0-c4746bda05ba"_s,
                                         .slug = u"my-gpu-node"_s,
                                         .workspaceSlug = u"lab"_s,
                                         .registeredAt =
                                             QDateTime(QDate(2026, 2, 4), QTime(21, 0, 59, 18), Qt::UTC)};
};

void TestInstanceIdentity::comesBackAsItWasSaved()
{
    const QString path = StatePaths(m_dir.filePath(u"new/state"_s)).instanceIdentity();
    QVERIFY(m_identity.save(path));
    const auto loaded = InstanceIdentity::load(path);
    QVERIFY(!loaded.warning);
    QVERIFY(loaded.identity == m_identity);
}

void TestInstanceIdentity::writesWhatOthersRead()
{
    const QString path = m_dir.filePath(u"written.json"_s);
    InstanceIdentity identity = m_identity;
    identity.workspaceSlug.clear();
    QVERIFY(identity.save(path));
    const QJsonObject expected = {{u"uuid"_s, u"6c03af00-cf59-4a64-96c0-c4746bda05ba"_s},
                                  {u"slug"_s, u"my-gpu-node"_s},
                                  {u"workspace_slug"_s, QJsonValue()},
                                  {u"registered_at"_s, u"2026-02-04T21:00:59.018000"_s}};
    QCOMPARE(QJsonDocument::fromJson(atomicfile::read(path, 1000).value()).object(), expected);
}

void TestInstanceIdentity::isForItsOwnerOnly()
{
    const QString path = m_dir.filePath(u"private.json"_s);
    QFile file(path);
    QVERIFY(file.open(QIODevice::WriteOnly));
    QVERIFY(file.setPermissions(QFile::ReadOwner | QFile::ReadOther));
    QVERIFY(m_identity.save(path));
    struct stat info = {};
    QCOMPARE(::stat(QFile::encodeName(path).constData(), &info), 0);
    QCOMPARE(info.st_mode & 0777U, 0600U);
}

void TestInstanceIdentity::saysWhyItCannotBeSaved()
{
    QVERIFY(atomicfile::write(m_dir.filePath(u"file"_s), "x"));
    const auto saved = m_identity.save(m_dir.filePath(u"file/below.json"_s));
    QVERIFY(!saved);
    QVERIFY(saved.error().where.startsWith(m_dir.filePath(u"file"_s)));
}

void TestInstanceIdentity::readsWhatOthersWrote()
{
    const QString path = m_dir.filePath(u"python.json"_s);
    QVERIFY(atomicfile::write(path, R"({"uuid": "u-1", "slug": "s-1", "workspace_slug": null,
        "registered_at": "2026-02-04T21:00:59.018380", "added_later": [1, 2]})"));
    const auto loaded = InstanceIdentity::load(path);
    QVERIFY(!loaded.warning);
    QCOMPARE(loaded.identity->uuid, u"u-1"_s);
    QCOMPARE(loaded.identity->workspaceSlug, QString());
    QCOMPARE(loaded.identity->registeredAt, m_identity.registeredAt);
    QCOMPARE(loaded.identity->registeredAt.timeSpec(), Qt::UTC);
}

void TestInstanceIdentity::isNoneAndSilentWithoutAFile()
{
    const auto loaded = InstanceIdentity::load(m_dir.filePath(u"no/such.json"_s));
    QVERIFY(!loaded.identity);
    QVERIFY(!loaded.warning);
}

void TestInstanceIdentity::isNoneAndSaysWhy_data()
{
    QTest::addColumn<QByteArray>("data");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("cut off") << QByteArray(R"({"uuid": "u-1", "sl)");
    QTest::newRow("a list") << QByteArray("[]");
    QTest::newRow("no uuid") << QByteArray(R"({"slug": "s"})");
    QTest::newRow("a numeric uuid") << QByteArray(R"({"uuid": 7})");
    QTest::newRow("a uuid that climbs") << QByteArray(R"({"uuid": "../x"})");
    QTest::newRow("a slug that is every topic") << QByteArray(R"({"uuid": "u-1", "slug": "#"})");
    QTest::newRow("huge") << QByteArray(1'000'000, ' ');
}

void TestInstanceIdentity::isNoneAndSaysWhy()
{
    QFETCH(QByteArray, data);
    const QString path = m_dir.filePath(u"bad.json"_s);
    QVERIFY(atomicfile::write(path, data));
    const auto loaded = InstanceIdentity::load(path);
    QVERIFY(!loaded.identity);
    QVERIFY(loaded.warning);
    QCOMPARE(loaded.warning->where, path);
}

QTEST_GUILESS_MAIN(TestInstanceIdentity)
#include "tst_instanceidentity.moc"
