#include "node/instancerecord.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;

class TestInstanceRecord : public QObject {
    Q_OBJECT

private slots:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }

    void isEmptyAtFirst();
    void comesBackAsItWasStored();
    void yieldsToTheConfiguration();
    void keepsItsSlugIfTheConfigurationMeansTheSame();
    void writesTheSameOnce();
    void saysWhyItCannotBeStored();

private:
    QString path() const { return m_folder->filePath(u"instance_identity.json"_s); }
    InstanceRecord record(const NodeConfig &config = {}) const { return {config, path()}; }

    const Instance m_ada = {.uuid = u"6c03af00-cf59-4a64-96c0-c4746bda05ba"_s, .slug = u"ada"_s};
    std::unique_ptr<QTemporaryDir> m_folder;
};

void TestInstanceRecord::isEmptyAtFirst()
{
    NodeConfig config;
    config.slugHint = u"workstation"_s;
    const InstanceRecord fresh = record(config);
    QVERIFY(fresh.known().uuid.isEmpty());
    QCOMPARE(fresh.slugHint(), u"workstation"_s);
}

void TestInstanceRecord::comesBackAsItWasStored()
{
    QVERIFY(record().store(m_ada));
    QCOMPARE(record().known(), m_ada);
    QCOMPARE(record().slugHint(), u"ada"_s);
}

void TestInstanceRecord::yieldsToTheConfiguration()
{
    QVERIFY(record().store(m_ada));
    NodeConfig config;
    config.instanceUuid = u"0d0e4f6c-1111-4a64-96c0-c4746bda05ba"_s;
    config.slugHint = u"bob"_s;
    QCOMPARE(record(config).known(), (Instance{config.instanceUuid, u"bob"_s}));
}

void TestInstanceRecord::keepsItsSlugIfTheConfigurationMeansTheSame()
{
    QVERIFY(record().store(m_ada));
    NodeConfig config;
    config.instanceUuid = m_ada.uuid;
    QCOMPARE(record(config).known(), m_ada);
}

void TestInstanceRecord::writesTheSameOnce()
{
    InstanceRecord kept = record();
    QVERIFY(kept.store(m_ada));
    QVERIFY(QFile::remove(path()));
    QVERIFY(kept.store(m_ada));
    QVERIFY(!QFile::exists(path()));
    QVERIFY(kept.store({m_ada.uuid, u"ada-2"_s}));
    QCOMPARE(record().known().slug, u"ada-2"_s);
}

void TestInstanceRecord::saysWhyItCannotBeStored()
{
    const QString inAFile = path() + u"/instance_identity.json"_s;
    QFile file(path());
    QVERIFY(file.open(QIODevice::WriteOnly));
    InstanceRecord lost({}, inAFile);
    const auto stored = lost.store(m_ada);
    QVERIFY(!stored);
    QVERIFY2(stored.error().where.startsWith(path()), qPrintable(stored.error().text()));
    QVERIFY(!lost.store(m_ada)); // it is tried again, not taken for done
}

QTEST_GUILESS_MAIN(TestInstanceRecord)
#include "tst_instancerecord.moc"
