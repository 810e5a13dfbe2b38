#include "cloud/autocontrolplane.h"
#include "cloud/controlplanememory.h"
#include "support/fakecontrolplane.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;
using Kind = CloudError::Kind;

namespace {

const FakeControlPlane::Reply noSuchCall = FakeControlPlane::failing(Kind::NotFound, 404);
const FakeControlPlane::Reply down = FakeControlPlane::failing(Kind::Unavailable, 503);
const FakeControlPlane::Reply silence = FakeControlPlane::failing(Kind::Unavailable);
const FakeControlPlane::Reply wrongToken = FakeControlPlane::failing(Kind::Unauthorized, 401);

class NamedPlane final : public FakeControlPlane {
public:
    explicit NamedPlane(const QString &name) : m_name(name) {}
    QString name() const override { return m_name; }

private:
    QString m_name;
};

/// Both generations as the test has them, and the one plane that finds out.
struct Fixture {
    explicit Fixture(const QString &remembered = {})
    {
        auto restPlane = std::make_unique<NamedPlane>(u"rest"_s);
        auto mqttPlane = std::make_unique<NamedPlane>(u"mqtt"_s);
        rest = restPlane.get();
        mqtt = mqttPlane.get();
        plane = std::make_unique<AutoControlPlane>(std::move(restPlane), std::move(mqttPlane), remembered,
                                                   [this](const QString &name) { decisions << name; });
    }

    CloudResult<Instance> create()
    {
        return waitFor([this](QObject *context, const CloudCallback<Instance> &done) {
            plane->createInstance(u"default"_s, u"hint"_s, context, done);
        });
    }
    CloudResult<Instance> registerKnown()
    {
        return waitFor([this](QObject *context, const CloudCallback<Instance> &done) {
            plane->registerInstance(u"known"_s, u"default"_s, context, done);
        });
    }

    NamedPlane *rest;
    NamedPlane *mqtt;
    QStringList decisions;
    std::unique_ptr<AutoControlPlane> plane;

private:
    static CloudResult<Instance>
    waitFor(const std::function<void(QObject *, const CloudCallback<Instance> &)> &ask)
    {
        QObject context;
        std::optional<CloudResult<Instance>> answer;
        ask(&context, [&](const CloudResult<Instance> &reply) { answer = reply; });
        (void)QTest::qWaitFor([&] { return answer.has_value(); });
        return answer.value_or(silence);
    }
};

} // namespace

class TestAutoControlPlane : public QObject {
    Q_OBJECT

private slots:
    void staysWithRestWhereThatAnswers();
    void takesMqttWhereRestHasNoSuchCall();
    void showsTheTokenToNoBrokerForSilence();
    void asksForAKnownInstanceBothWays();
    void isToldByRestAloneThatAnInstanceIsGone();
    void comesBackFromMqttThatFellSilent();
    void endsWithTheMoreTellingAnswer();
    void saysEverythingElseWhereItIsHeard();
    void remembersOneBackendFromTheOther();
    void forgetsWhatIsDamaged();
};

void TestAutoControlPlane::staysWithRestWhereThatAnswers()
{
    Fixture cloud;
    QCOMPARE(cloud.plane->name(), QString());
    QVERIFY(cloud.create());
    QCOMPARE(cloud.plane->name(), u"rest"_s);
    QCOMPARE(cloud.decisions, QStringList{u"rest"_s});
    QVERIFY(cloud.registerKnown());
    QCOMPARE(cloud.decisions.size(), 1); // nothing new
    QCOMPARE(cloud.mqtt->calls, QStringList());
}

void TestAutoControlPlane::takesMqttWhereRestHasNoSuchCall()
{
    Fixture cloud;
    cloud.rest->script = {noSuchCall};
    const auto created = cloud.create();
    QVERIFY(created);
    QCOMPARE(created->uuid, u"new-uuid"_s);
    QCOMPARE(cloud.plane->name(), u"mqtt"_s);
    QVERIFY(cloud.registerKnown());
    QCOMPARE(cloud.rest->calls, QStringList{u"create hint"_s});
}

void TestAutoControlPlane::showsTheTokenToNoBrokerForSilence()
{
    Fixture cloud;
    cloud.rest->script = QList<FakeControlPlane::Reply>(2 * AutoControlPlane::patience, down);
    for (int attempt = 0; attempt < 2 * AutoControlPlane::patience; ++attempt)
        QVERIFY(!cloud.create());
    QCOMPARE(cloud.mqtt->calls, QStringList());
    QVERIFY(cloud.create());
    QCOMPARE(cloud.plane->name(), u"rest"_s);
}

void TestAutoControlPlane::asksForAKnownInstanceBothWays()
{
    Fixture cloud;
    cloud.rest->script = {noSuchCall};
    QVERIFY(cloud.registerKnown());
    QCOMPARE(cloud.plane->name(), u"mqtt"_s);
}

void TestAutoControlPlane::isToldByRestAloneThatAnInstanceIsGone()
{
    Fixture cloud(u"rest"_s);
    cloud.rest->script = {noSuchCall};
    const auto answer = cloud.registerKnown();
    QVERIFY(!answer);
    QVERIFY(answer.error().kind == Kind::NotFound);
    QCOMPARE(cloud.mqtt->calls, QStringList()); // nobody waits for an answer that will not come
    QCOMPARE(cloud.plane->name(), u"rest"_s);
}

void TestAutoControlPlane::comesBackFromMqttThatFellSilent()
{
    Fixture cloud(u"mqtt"_s);
    QCOMPARE(cloud.plane->name(), u"mqtt"_s);
    cloud.mqtt->script = QList<FakeControlPlane::Reply>(AutoControlPlane::patience, silence);
    for (int attempt = 1; attempt < AutoControlPlane::patience; ++attempt)
        QVERIFY(!cloud.registerKnown());
    QCOMPARE(cloud.rest->calls, QStringList());
    QVERIFY(cloud.registerKnown());
    QCOMPARE(cloud.plane->name(), u"rest"_s);
    QCOMPARE(cloud.decisions, QStringList{u"rest"_s});
}

void TestAutoControlPlane::endsWithTheMoreTellingAnswer()
{
    Fixture neither;
    neither.rest->script = {noSuchCall};
    neither.mqtt->script = {silence};
    QCOMPARE(neither.create().error().httpStatus, 404);
    Fixture rejected;
    rejected.rest->script = {noSuchCall};
    rejected.mqtt->script = {wrongToken};
    QVERIFY(rejected.create().error().kind == Kind::Unauthorized);
    Fixture atOnce;
    atOnce.rest->script = {wrongToken};
    QVERIFY(atOnce.create().error().kind == Kind::Unauthorized);
    QCOMPARE(atOnce.mqtt->calls, QStringList());
}

void TestAutoControlPlane::saysEverythingElseWhereItIsHeard()
{
    Fixture cloud(u"mqtt"_s);
    const Instance self{u"u"_s, u"s"_s};
    QObject context;
    const auto nothing = [](const auto &) {};
    cloud.plane->heartbeat(u"u"_s, &context, nothing);
    cloud.plane->sendLog(self, LogStream::Stdout, "text", &context, nothing);
    cloud.plane->reportTerminated(self, &context, nothing);
    cloud.plane->reportFailed(self, u"why"_s, &context, nothing);
    cloud.plane->updateWorkload(u"w"_s, u"u"_s, {}, &context, nothing);
    cloud.plane->fetchWorkload(u"w"_s, &context, nothing);
    cloud.plane->requestUpload(u"w"_s, u"f"_s, &context, nothing);
    cloud.plane->confirmUploads(u"w"_s, {}, &context, nothing);
    QCOMPARE(cloud.mqtt->calls.size(), 8);
    QCOMPARE(cloud.rest->calls, QStringList());
}

void TestAutoControlPlane::remembersOneBackendFromTheOther()
{
    const QTemporaryDir folder;
    const ControlPlaneMemory memory(folder.filePath(u"control_plane.json"_s));
    const QUrl here(u"https://user@here.example/"_s);
    const QUrl there(u"https://there.example:8443"_s);
    QCOMPARE(memory.recall(here), QString());
    QVERIFY(memory.note(here, u"mqtt"_s));
    QVERIFY(memory.note(there, u"rest"_s));
    QCOMPARE(memory.recall(here), u"mqtt"_s);
    QCOMPARE(memory.recall(there), u"rest"_s);
    QVERIFY(memory.note(here, u"rest"_s));
    QCOMPARE(memory.recall(here), u"rest"_s);
}

void TestAutoControlPlane::forgetsWhatIsDamaged()
{
    const QTemporaryDir folder;
    QFile file(folder.filePath(u"control_plane.json"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write("{ damaged");
    file.close();
    const ControlPlaneMemory memory(file.fileName());
    const QUrl backend(u"https://here.example"_s);
    QCOMPARE(memory.recall(backend), QString());
    QVERIFY(memory.note(backend, u"mqtt"_s));
    QCOMPARE(memory.recall(backend), u"mqtt"_s);
}

QTEST_GUILESS_MAIN(TestAutoControlPlane)
#include "tst_autocontrolplane.moc"
