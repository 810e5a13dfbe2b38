#include "sandbox/cloudmodel.h"

#include <QTest>
#include <QUuid>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode::sandbox;

namespace {

ApiCall about(Operation operation, const QString &uuid, QJsonObject body = {})
{
    return {operation, uuid, {}, std::move(body), {}};
}

ApiCall creation(const QString &slug = {}, const QString &workspace = {})
{
    ApiCall call = about(Operation::Create, {}, {{u"profile_slug"_s, u"default"_s}});
    if (!slug.isEmpty())
        call.body[u"slug"_s] = slug;
    if (!workspace.isEmpty())
        call.query.addQueryItem(u"workspace_slug"_s, workspace);
    return call;
}

ApiCall registration(const QString &uuid)
{
    return about(Operation::Register, uuid, {{u"profile_slug"_s, u"default"_s}});
}

QString valueIn(const CloudReply &reply, const QString &key)
{
    return reply.body.object().value(key).toString();
}

} // namespace

class TestCloudModel : public QObject {
    Q_OBJECT

private slots:
    void createsInstances();
    void keepsSlugsUniqueInTheirWorkspace();
    void takesHeartbeatsOfReadyInstancesOnly();
    void keepsLogsByStream();
    void findsInstancesBySlugAndWorkspace();
    void remembersWhyOneFailed();
    void listsWhatIsAskedFor();
    void doesNotKnowTheForgotten();
};

void TestCloudModel::createsInstances()
{
    CloudModel model;
    const CloudReply reply = model.apply(creation());
    QCOMPARE(reply.status, 200);
    QCOMPARE(QUuid(valueIn(reply, u"uuid"_s)).version(), QUuid::Random);
    QCOMPARE(valueIn(reply, u"slug"_s), u"node-1"_s);
    QCOMPARE(valueIn(reply, u"status"_s), u"provisioning"_s);
    QCOMPARE(valueIn(reply, u"provider"_s), u"self-hosted"_s);
    QCOMPARE(valueIn(model.apply(creation()), u"slug"_s), u"node-2"_s);
}

void TestCloudModel::keepsSlugsUniqueInTheirWorkspace()
{
    CloudModel model;
    QCOMPARE(valueIn(model.apply(creation(u"node-1"_s)), u"slug"_s), u"node-1"_s);
    const CloudReply second = model.apply(creation(u"node-1"_s));
    QCOMPARE(second.status, 400);
    QVERIFY(valueIn(second, u"message"_s).contains(u"node-1"_s));
    QCOMPARE(valueIn(model.apply(creation()), u"slug"_s), u"node-2"_s);
    QCOMPARE(model.apply(creation(u"node-1"_s, u"elsewhere"_s)).status, 200);
}

void TestCloudModel::takesHeartbeatsOfReadyInstancesOnly()
{
    CloudModel model;
    const QString uuid = valueIn(model.apply(creation()), u"uuid"_s);
    QCOMPARE(model.apply(about(Operation::Heartbeat, uuid)).status, 400);
    const CloudReply registered = model.apply(registration(uuid));
    QCOMPARE(registered.status, 200);
    QCOMPARE(valueIn(registered, u"slug"_s), u"node-1"_s);
    QCOMPARE(model.apply(about(Operation::Heartbeat, uuid)).status, 200);
    QCOMPARE(model.apply(about(Operation::Terminated, uuid)).status, 200);
    const CloudReply late = model.apply(about(Operation::Heartbeat, uuid));
    QCOMPARE(late.status, 400);
    QVERIFY(valueIn(late, u"message"_s).contains(u"terminated"_s));
    QCOMPARE(model.apply(registration(uuid)).status, 200);
    QCOMPARE(model.apply(about(Operation::Heartbeat, uuid)).status, 200);
    QCOMPARE(model.find(uuid)->heartbeats, 2);
}

void TestCloudModel::keepsLogsByStream()
{
    CloudModel model;
    const QString uuid = valueIn(model.apply(creation()), u"uuid"_s);
    const auto log = [&](const QString &type, const QString &content) {
        return model.apply(about(Operation::Log, uuid, {{u"log_type"_s, type}, {u"log_content"_s, content}}))
            .status;
    };
    QCOMPARE(log(u"stdout"_s, u"ä\n"_s), 200);
    QCOMPARE(log(u"stderr"_s, u"oops\n"_s), 200);
    QCOMPARE(log(u"stdout"_s, u"b"_s), 200);
    QCOMPARE(model.find(uuid)->stdoutLog, QByteArray("ä\nb"));
    QCOMPARE(model.find(uuid)->stderrLog, QByteArray("oops\n"));
    QCOMPARE(log(u"stdout"_s, QString(CloudModel::largestLog, u'x')), 413);
}

void TestCloudModel::findsInstancesBySlugAndWorkspace()
{
    CloudModel model;
    const QString uuid = valueIn(model.apply(creation(u"s"_s, u"w"_s)), u"uuid"_s);
    const QJsonObject right{{u"slug"_s, u"s"_s}, {u"workspace_slug"_s, u"w"_s}};
    const QJsonObject wrong{{u"slug"_s, u"s"_s}};
    QCOMPARE(model.apply(about(Operation::Terminated, {}, wrong)).status, 404);
    QCOMPARE(model.apply(about(Operation::Terminated, {}, right)).instanceUuid, uuid);
    QCOMPARE(model.find(uuid)->state, InstanceState::Terminated);
}

void TestCloudModel::remembersWhyOneFailed()
{
    CloudModel model;
    const QString uuid = valueIn(model.apply(creation()), u"uuid"_s);
    model.apply(about(Operation::Failed, uuid, {{u"error"_s, u"no GPU"_s}}));
    QCOMPARE(model.find(uuid)->state, InstanceState::Failed);
    QCOMPARE(model.describe().first()[u"error"_s].toString(), u"no GPU"_s);
}

void TestCloudModel::listsWhatIsAskedFor()
{
    CloudModel model;
    const QString uuid = valueIn(model.apply(creation()), u"uuid"_s);
    model.apply(creation({}, u"w"_s));
    model.apply(registration(uuid));
    const auto count = [&](const QString &query) {
        return model.apply({Operation::Instances, {}, {}, {}, QUrlQuery(query)}).body.array().size();
    };
    QCOMPARE(count({}), 2);
    QCOMPARE(count(u"status=ready"_s), 1);
    QCOMPARE(count(u"workspace_slug=w"_s), 1);
    QCOMPARE(count(u"workspace_slug=w&status=ready"_s), 0);
    QCOMPARE(count(u"profile_slug=default"_s), 2);
}

void TestCloudModel::doesNotKnowTheForgotten()
{
    CloudModel model;
    const QString uuid = valueIn(model.apply(creation()), u"uuid"_s);
    QVERIFY(model.forget(uuid));
    QVERIFY(!model.forget(uuid));
    for (const auto operation : {Operation::Register, Operation::Heartbeat, Operation::Log,
                                 Operation::Terminated, Operation::Failed})
        QCOMPARE(model.apply(about(operation, uuid)).status, 404);
}

QTEST_GUILESS_MAIN(TestCloudModel)
#include "tst_cloudmodel.moc"
