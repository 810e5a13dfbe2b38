#include "node/registration.h"
#include "support/fakecontrolplane.h"

#include <QSignalSpy>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;
using namespace cloudnode;
using Kind = CloudError::Kind;

class TestRegistration : public QObject {
    Q_OBJECT

private slots:
    void asksAsTheContractHasIt_data();
    void asksAsTheContractHasIt();
    void waitsAsLongAsTheBackendWishes();
    void aRejectedTokenEndsIt();
    void storesAnInstanceBeforeItIsRegistered();
    void nothingIsAskedAfterCancel();
};

namespace {

RegistrationSettings settings(const Instance &known, QList<Instance> *stored = nullptr)
{
    return {.profileSlug = u"default"_s,
            .slugHint = u"hint"_s,
            .known = known,
            .backoff = Backoff(1ms, 4ms),
            .store = [stored](const Instance &instance) {
                if (stored)
                    stored->append(instance);
            }};
}

const Instance none;
const Instance known{u"old-uuid"_s, u"old-slug"_s};

} // namespace

void TestRegistration::asksAsTheContractHasIt_data()
{
    QTest::addColumn<Instance>("before");
    QTest::addColumn<QList<FakeControlPlane::Reply>>("script");
    QTest::addColumn<QStringList>("calls");
    QTest::addColumn<Instance>("after");
    const Instance fresh{u"new-uuid"_s, u"new-slug"_s};
    const auto down = FakeControlPlane::failing(Kind::Unavailable, 503);
    const auto gone = FakeControlPlane::failing(Kind::NotFound, 404);
    const auto refused = FakeControlPlane::failing(Kind::Refused, 400);

    QTest::newRow("a first start creates, then registers")
        << none << QList<FakeControlPlane::Reply>{} << QStringList{u"create hint"_s, u"register new-uuid"_s}
        << fresh;
    QTest::newRow("a known instance is registered again")
        << known << QList<FakeControlPlane::Reply>{} << QStringList{u"register old-uuid"_s} << known;
    QTest::newRow("the reply's names replace ours")
        << known << QList<FakeControlPlane::Reply>{Instance{u"old-uuid"_s, u"renamed"_s}}
        << QStringList{u"register old-uuid"_s} << Instance{u"old-uuid"_s, u"renamed"_s};
    QTest::newRow("a forgotten instance is created anew")
        << known << QList<FakeControlPlane::Reply>{gone}
        << QStringList{u"register old-uuid"_s, u"create hint"_s, u"register new-uuid"_s} << fresh;
    QTest::newRow("a backend that is down is asked again")
        << known << QList<FakeControlPlane::Reply>{down, down, down} << QStringList(4, u"register old-uuid"_s)
        << known;
    QTest::newRow("a refusal is asked again, for its owner may mend it")
        << none << QList<FakeControlPlane::Reply>{refused}
        << QStringList{u"create hint"_s, u"create hint"_s, u"register new-uuid"_s} << fresh;
    QTest::newRow("a failing registration leaks no second instance")
        << none << QList<FakeControlPlane::Reply>{fresh, down, down}
        << QStringList{u"create hint"_s, u"register new-uuid"_s, u"register new-uuid"_s,
                       u"register new-uuid"_s}
        << fresh;
    QTest::newRow("a new instance that is unknown at once is not created in a hurry")
        << none << QList<FakeControlPlane::Reply>{fresh, gone}
        << QStringList{u"create hint"_s, u"register new-uuid"_s, u"register new-uuid"_s} << fresh;
}

void TestRegistration::asksAsTheContractHasIt()
{
    QFETCH(Instance, before);
    QFETCH(QList<FakeControlPlane::Reply>, script);
    FakeControlPlane cloud;
    cloud.script = script;
    Registration registration(cloud, settings(before));
    QSignalSpy registered(&registration, &Registration::registered);
    registration.start();
    QVERIFY(registered.wait());
    QTEST(cloud.calls, "calls");
    QTEST(registered.first().first().value<Instance>(), "after");
    QVERIFY(!registration.isUnderWay());
}

void TestRegistration::waitsAsLongAsTheBackendWishes()
{
    FakeControlPlane cloud;
    cloud.script = {FakeControlPlane::failing(Kind::Unavailable, 429, 7s)};
    Registration registration(cloud, settings(known));
    QSignalSpy retrying(&registration, &Registration::retrying);
    registration.start();
    QVERIFY(retrying.wait());
    QCOMPARE(retrying.first().at(1).value<std::chrono::milliseconds>(), 7000ms);
}

void TestRegistration::aRejectedTokenEndsIt()
{
    FakeControlPlane cloud;
    cloud.script = {FakeControlPlane::failing(Kind::Unauthorized, 401)};
    Registration registration(cloud, settings(known));
    QSignalSpy rejected(&registration, &Registration::rejected);
    registration.start();
    QVERIFY(rejected.wait());
    QVERIFY(!registration.isUnderWay());
    QCOMPARE(cloud.calls.size(), 1);
}

void TestRegistration::storesAnInstanceBeforeItIsRegistered()
{
    FakeControlPlane cloud;
    QList<Instance> stored;
    cloud.script = {cloud.created, FakeControlPlane::failing(Kind::Unauthorized, 403)};
    Registration registration(cloud, settings(none, &stored));
    QSignalSpy rejected(&registration, &Registration::rejected);
    registration.start();
    QVERIFY(rejected.wait());
    QCOMPARE(stored, QList<Instance>{cloud.created});
}

void TestRegistration::nothingIsAskedAfterCancel()
{
    FakeControlPlane cloud;
    Registration registration(cloud, settings(none));
    QSignalSpy registered(&registration, &Registration::registered);
    registration.start();
    registration.cancel();
    QCoreApplication::processEvents();
    QCOMPARE(cloud.calls, QStringList{u"create hint"_s});
    QCOMPARE(registered.size(), 0);
}

QTEST_GUILESS_MAIN(TestRegistration)
#include "tst_registration.moc"
