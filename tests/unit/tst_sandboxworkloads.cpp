#include "sandbox/workloadmodel.h"

#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode::sandbox;

namespace {

ApiCall update(const QString &status, QJsonObject more = {})
{
    more[u"status"_s] = status;
    return {Operation::WorkloadStatus, u"w"_s, {}, more, {}};
}

ApiCall placeFor(const QString &fileName)
{
    return {Operation::SignedUrl, u"w"_s, {}, {{u"filename"_s, fileName}}, {}};
}

} // namespace

class TestWorkloadModel : public QObject {
    Q_OBJECT

private slots:
    void init();

    void statusesOnlyGoOn_data();
    void statusesOnlyGoOn();
    void anEndIsRepeatedOnlyAsItWas_data();
    void anEndIsRepeatedOnlyAsItWas();
    void theBackendMayChangeItsMind();
    void isAnothersToTell();
    void namesAttachmentsByExtension_data();
    void namesAttachmentsByExtension();
    void noTwoPlacesAreAlike();

private:
    std::unique_ptr<WorkloadModel> m_model;
};

void TestWorkloadModel::init()
{
    m_model = std::make_unique<WorkloadModel>();
    m_model->attachments().setBase(QUrl(u"http://127.0.0.1:1"_s));
    m_model->put({{u"uuid"_s, u"w"_s}, {u"instance_uuid"_s, u"i"_s}});
}

void TestWorkloadModel::statusesOnlyGoOn_data()
{
    QTest::addColumn<QStringList>("before");
    QTest::addColumn<QString>("next");
    QTest::addColumn<QString>("event"); // empty: workload_status
    const QString repeated = u"workload_status_repeated"_s;
    QTest::newRow("started") << QStringList{} << u"running"_s << QString();
    QTest::newRow("refused") << QStringList{} << u"failed"_s << QString();
    QTest::newRow("running again") << QStringList{u"running"_s} << u"running"_s << repeated;
    QTest::newRow("finalizing") << QStringList{u"running"_s} << u"finalizing"_s << QString();
    QTest::newRow("completed") << QStringList{u"running"_s, u"finalizing"_s} << u"completed"_s << QString();
    QTest::newRow("cancelled") << QStringList{u"running"_s} << u"cancelled"_s << QString();
    QTest::newRow("cancelled again") << QStringList{u"running"_s, u"cancelled"_s} << u"cancelled"_s
                                     << repeated;
    QTest::newRow("back to running") << QStringList{u"finalizing"_s} << u"running"_s << u"breach"_s;
    QTest::newRow("risen from the dead") << QStringList{u"failed"_s} << u"running"_s << u"breach"_s;
    QTest::newRow("another end") << QStringList{u"cancelled"_s} << u"failed"_s << u"breach"_s;
}

void TestWorkloadModel::statusesOnlyGoOn()
{
    QFETCH(QStringList, before);
    QFETCH(QString, next);
    QFETCH(QString, event);
    for (const QString &status : before)
        QCOMPARE(m_model->apply(update(status)).status, 200);
    const CloudReply reply = m_model->apply(update(next));
    QCOMPARE(reply.breach, event == u"breach");
    QCOMPARE(reply.status, reply.breach ? 409 : 200);
    QCOMPARE(reply.event, reply.breach ? QString() : event);
    QCOMPARE(m_model->describe().first()[u"status"_s], reply.breach ? before.last() : next);
}

void TestWorkloadModel::anEndIsRepeatedOnlyAsItWas_data()
{
    QTest::addColumn<QJsonObject>("again");
    QTest::addColumn<bool>("breach");
    QTest::newRow("the same") << QJsonObject{{u"success"_s, false}, {u"exit_code"_s, 3}} << false;
    QTest::newRow("as the REST API can say it") << QJsonObject{{u"success"_s, false}} << false;
    QTest::newRow("another code") << QJsonObject{{u"success"_s, false}, {u"exit_code"_s, 4}} << true;
    QTest::newRow("a success") << QJsonObject{{u"success"_s, true}} << true;
}

void TestWorkloadModel::anEndIsRepeatedOnlyAsItWas()
{
    QFETCH(QJsonObject, again);
    QFETCH(bool, breach);
    m_model->apply(update(u"completed"_s, {{u"success"_s, false}, {u"exit_code"_s, 3}}));
    QCOMPARE(m_model->apply(update(u"completed"_s, again)).breach, breach);
}

void TestWorkloadModel::theBackendMayChangeItsMind()
{
    m_model->apply(update(u"running"_s));
    m_model->put({{u"uuid"_s, u"w"_s}, {u"status"_s, u"cancelled"_s}});
    const CloudReply late = m_model->apply(update(u"completed"_s, {{u"success"_s, true}}));
    QCOMPARE(late.status, 409);
    QVERIFY(!late.breach);
    QCOMPARE(m_model->apply(update(u"cancelled"_s)).event, u"workload_status_repeated"_s);
    QCOMPARE(m_model->describe().first()[u"instance_uuid"_s], u"i"_s);
}

void TestWorkloadModel::isAnothersToTell()
{
    const CloudReply reply = m_model->apply(update(u"running"_s, {{u"instance_uuid"_s, u"other"_s}}));
    QCOMPARE(reply.status, 409);
    QCOMPARE(m_model->apply(update(u"running"_s, {{u"instance_uuid"_s, u"i"_s}})).status, 200);
}

void TestWorkloadModel::namesAttachmentsByExtension_data()
{
    QTest::addColumn<QString>("fileName");
    QTest::addColumn<QString>("extension");
    QTest::newRow("one") << u"runs/1/model.pt"_s << u".pt"_s;
    QTest::newRow("the last of two") << u"a.tar.gz"_s << u".gz"_s;
    QTest::newRow("none") << u"runs.d/log"_s << QString();
    QTest::newRow("a hidden file") << u"runs/.hidden"_s << QString();
}

void TestWorkloadModel::namesAttachmentsByExtension()
{
    QFETCH(QString, fileName);
    QFETCH(QString, extension);
    const CloudReply reply = m_model->apply(placeFor(fileName));
    QCOMPARE(reply.body[u"filename"_s].toString(), reply.told[u"attachment"_s].toString() + extension);
    QCOMPARE(reply.body[u"expiration_hours"_s].toInt(), Attachments::expirationHours);
}

void TestWorkloadModel::noTwoPlacesAreAlike()
{
    const auto url = [&] { return QUrl(m_model->apply(placeFor(u"a"_s)).body[u"signed_url"_s].toString()); };
    const QUrl one = url();
    const QUrl two = url();
    QVERIFY(one != two);
    QVERIFY(m_model->attachments().find(one));
    QUrl mixed = one;
    mixed.setPath(two.path());
    QVERIFY(!m_model->attachments().find(mixed));
}

QTEST_GUILESS_MAIN(TestWorkloadModel)
#include "tst_sandboxworkloads.moc"
