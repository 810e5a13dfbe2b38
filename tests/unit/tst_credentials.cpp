#include "config/credentials.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTemporaryDir>
#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;

/// credentials.json, as far as we write it. How it is read among all other places: tst_configloader.
class TestCredentials : public QObject {
    Q_OBJECT

private slots:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void storesATokenForItsOwnerOnly();
    void keepsWhatOthersHaveWritten();
    void leavesAFileAloneThatItCannotRead();

private:
    QString path() const { return m_folder->filePath(u"state/credentials.json"_s); }
    QJsonObject stored() const;
    void write(const QByteArray &text) const;

    std::unique_ptr<QTemporaryDir> m_folder;
};

QJsonObject TestCredentials::stored() const
{
    QFile file(path());
    return file.open(QIODevice::ReadOnly) ? QJsonDocument::fromJson(file.readAll()).object() : QJsonObject();
}

void TestCredentials::write(const QByteArray &text) const
{
    QDir().mkpath(QFileInfo(path()).path());
    QFile file(path());
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text);
}

void TestCredentials::storesATokenForItsOwnerOnly()
{
    QVERIFY(Credentials::storeToken(path(), u"a-new-token"_s));
    const auto mine = QFile::ReadOwner | QFile::WriteOwner;
    QCOMPARE(QFile::permissions(path()) & ~(QFile::ReadUser | QFile::WriteUser), mine);
    QCOMPARE(QFile::permissions(QFileInfo(path()).path()) & (QFile::ReadGroup | QFile::ReadOther),
             QFile::Permissions());
    QCOMPARE(Credentials::read(path())->value(u"token"_s), u"a-new-token"_s);
    // The five keys that other Cyberwave programs expect.
    const QJsonObject json = stored();
    QCOMPARE(json.keys(), QStringList({u"created_at"_s, u"email"_s, u"token"_s, u"workspace_name"_s,
                                       u"workspace_uuid"_s}));
    QVERIFY(json["email"_L1].isNull());
}

void TestCredentials::keepsWhatOthersHaveWritten()
{
    write(R"({"token": "old", "email": "a@b.c", "envs": {"CYBERWAVE_MQTT_PORT": "8883"}, "new": [1]})");
    QVERIFY(Credentials::storeToken(path(), u"a-new-token"_s));
    const QJsonObject json = stored();
    QCOMPARE(json["token"_L1].toString(), u"a-new-token"_s);
    QCOMPARE(json["email"_L1].toString(), u"a@b.c"_s);
    QCOMPARE(json["envs"_L1].toObject()["CYBERWAVE_MQTT_PORT"_L1].toString(), u"8883"_s);
    QVERIFY(json["new"_L1].isArray());
}

void TestCredentials::leavesAFileAloneThatItCannotRead()
{
    write("not json");
    const auto stored = Credentials::storeToken(path(), u"a-new-token"_s);
    QVERIFY(!stored);
    QCOMPARE(stored.error().where, path());
    QFile file(path());
    QVERIFY(file.open(QIODevice::ReadOnly));
    QCOMPARE(file.readAll(), QByteArray("not json"));
}

QTEST_GUILESS_MAIN(TestCredentials)
#include "tst_credentials.moc"
