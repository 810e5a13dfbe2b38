#include "wire/command.h"

#include <QTest>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;

class TestCommand : public QObject {
    Q_OBJECT

private slots:
    void startsWorkloads_data();
    void startsWorkloads();
    void takesTheTokenOutOfTheParams_data();
    void takesTheTokenOutOfTheParams();
    void refusesATokenThatIsNoneWithoutShowingIt();
    void takesAPictureOutOfTheParams_data();
    void takesAPictureOutOfTheParams();
    void readsStatus();
    void acknowledgesAssignmentsWithoutAType_data();
    void acknowledgesAssignmentsWithoutAType();
    void readsCancel_data();
    void readsCancel();
    void refusesWithAnAnswer_data();
    void refusesWithAnAnswer();
    void refusesSilently_data();
    void refusesSilently();
    void generatesAMissingRequestId_data();
    void generatesAMissingRequestId();
};

namespace {

template <typename T>
const T *actionOf(const tl::expected<Command, CommandRefusal> &command)
{
    return command ? std::get_if<T>(&command->action) : nullptr;
}

} // namespace

void TestCommand::startsWorkloads_data()
{
    QTest::addColumn<QByteArray>("payload");
    QTest::addColumn<WorkloadType>("type");
    QTest::addColumn<QJsonObject>("params");
    QTest::addColumn<QString>("workloadUuid");
    const QJsonObject one{{u"a"_s, 1}};
    const QJsonObject named{{u"a"_s, 1}, {u"workload_uuid"_s, u"w"_s}};
    QTest::newRow("inference") << QByteArray(R"({"command":"inference","request_id":"r","params":{"a":1}})")
                               << WorkloadType::Inference << one << QString();
    QTest::newRow("training") << QByteArray(R"({"command":"training","request_id":"r","params":{"a":1}})")
                              << WorkloadType::Training << one << QString();
    QTest::newRow("simulate") << QByteArray(R"({"command":"simulate","request_id":"r","params":{"a":1}})")
                              << WorkloadType::Simulate << one << QString();
    QTest::newRow("without params") << QByteArray(R"({"command":"inference","request_id":"r"})")
                                    << WorkloadType::Inference << QJsonObject() << QString();
    QTest::newRow("params null") << QByteArray(R"({"command":"inference","request_id":"r","params":null})")
                                 << WorkloadType::Inference << QJsonObject() << QString();
    QTest::newRow("a top-level status key beside a command")
        << QByteArray(R"({"command":"inference","request_id":"r","status":"x","params":{"a":1}})")
        << WorkloadType::Inference << one << QString();
    QTest::newRow("with the backend's name")
        << QByteArray(R"({"command":"inference","request_id":"r","params":{"a":1,"workload_uuid":"w"}})")
        << WorkloadType::Inference << named << u"w"_s;
    QTest::newRow("an assignment")
        << QByteArray(R"({"command":"workload_received","request_id":"r","params":{"workload_uuid":"w",
            "profile_slug":"p","status":"assigned","command_type":"training","command_params":{"a":1}}})")
        << WorkloadType::Training << named << u"w"_s;
    QTest::newRow("an assignment without parameters")
        << QByteArray(R"({"command":"workload_received","request_id":"r",
            "params":{"workload_uuid":"w","command_type":"inference","command_params":null}})")
        << WorkloadType::Inference << QJsonObject{{u"workload_uuid"_s, u"w"_s}} << u"w"_s;
}

void TestCommand::startsWorkloads()
{
    QFETCH(QByteArray, payload);
    const auto command = parseCommand(payload);
    const auto *start = actionOf<StartWorkload>(command);
    QVERIFY(start);
    QCOMPARE(command->requestId.text(), u"r"_s);
    QFETCH(WorkloadType, type);
    QVERIFY(start->type == type);
    QTEST(start->params, "params");
    QTEST(start->workloadUuid, "workloadUuid");
}

void TestCommand::takesTheTokenOutOfTheParams_data()
{
    QTest::addColumn<QByteArray>("payload");
    QTest::newRow("inference") << QByteArray(
        R"({"command":"inference","request_id":"r","params":{"a":1,"cyberwave_workload_token":"secret-1"}})");
    QTest::newRow("assignment, with its params") << QByteArray(
        R"({"command":"workload_received","request_id":"r","params":{"command_type":"training",)"
        R"("command_params":{"a":1,"cyberwave_workload_token":"secret-1"}}})");
    QTest::newRow("assignment, beside its params") << QByteArray(
        R"({"command":"workload_received","request_id":"r","params":{"command_type":"training",)"
        R"("cyberwave_workload_token":"secret-1","command_params":{"a":1}}})");
}

void TestCommand::takesTheTokenOutOfTheParams()
{
    QFETCH(QByteArray, payload);
    const auto command = parseCommand(payload);
    const auto *start = actionOf<StartWorkload>(command);
    QVERIFY(start);
    QCOMPARE(start->token, u"secret-1"_s);
    QCOMPARE(start->params, (QJsonObject{{u"a"_s, 1}}));
}

void TestCommand::refusesATokenThatIsNoneWithoutShowingIt()
{
    for (const QByteArray &token :
         {QByteArray(R"("sec ret")"), QByteArray(R"("sec\nret")"), QByteArray("7")}) {
        const auto command =
            parseCommand(R"({"command":"inference","request_id":"r","params":{"cyberwave_workload_token":)" +
                         token + "}}");
        QVERIFY(!command);
        QVERIFY(command.error().requestId);
        QVERIFY(command.error().error.what.contains(u"cyberwave_workload_token"_s));
        QVERIFY(!command.error().error.text().contains(u"ret"_s));
    }
}

void TestCommand::takesAPictureOutOfTheParams_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QByteArray>("before");
    QTest::addColumn<QString>("extension");
    QTest::newRow("jpeg") << QByteArray("\xFF\xD8\xFF\xE0 picture") << QByteArray() << u"jpg"_s;
    QTest::newRow("png, as a data URL")
        << QByteArray("\x89PNG\r\n picture") << QByteArray("data:image/png;base64,") << u"png"_s;
    QTest::newRow("gif") << QByteArray("GIF89a picture") << QByteArray() << u"gif"_s;
    QTest::newRow("webp") << QByteArray("RIFF\1\2\3\4WEBPVP8 ") << QByteArray() << u"webp"_s;
    QTest::newRow("riff of another kind") << QByteArray("RIFF\1\2\3\4WAVEfmt ") << QByteArray() << u"jpg"_s;
    QTest::newRow("anything else") << QByteArray("picture") << QByteArray() << u"jpg"_s;
}

void TestCommand::takesAPictureOutOfTheParams()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QByteArray, before);
    QFETCH(QString, extension);
    const auto withPicture = [](const QByteArray &text) {
        return parseCommand(
            R"({"command":"inference","request_id":"r","params":{"a":1,"image_bytes_base64":")" + text +
            R"("}})");
    };
    const auto command = withPicture(before + bytes.toBase64());
    const auto *start = actionOf<StartWorkload>(command);
    QVERIFY(start && start->image);
    QCOMPARE(start->image->bytes, bytes);
    QCOMPARE(start->image->extension, extension);
    QCOMPARE(start->params, (QJsonObject{{u"a"_s, 1}}));
    // What is no base64 stays where it is: the workload may know what to make of it.
    for (const QByteArray &text : {QByteArray("no base64!"), QByteArray()}) {
        const auto other = withPicture(text);
        const auto *untouched = actionOf<StartWorkload>(other);
        QVERIFY(untouched && !untouched->image);
        QVERIFY(untouched->params.contains(u"image_bytes_base64"_s));
    }
}

void TestCommand::readsStatus()
{
    QVERIFY(
        actionOf<ReportStatus>(parseCommand(R"({"command":"status","request_id":"s","params":"ignored"})")));
}

void TestCommand::acknowledgesAssignmentsWithoutAType_data()
{
    QTest::addColumn<QByteArray>("params");
    QTest::newRow("no type") << QByteArray(R"({"workload_uuid":"w"})");
    QTest::newRow("a type nobody knows") << QByteArray(R"({"workload_uuid":"w","command_type":"dance"})");
    QTest::newRow("a null type") << QByteArray(R"({"workload_uuid":"w","command_type":null})");
}

void TestCommand::acknowledgesAssignmentsWithoutAType()
{
    QFETCH(QByteArray, params);
    const auto command =
        parseCommand(R"({"command":"workload_received","request_id":"r","params":)" + params + "}");
    const auto *assignment = actionOf<AcknowledgeAssignment>(command);
    QVERIFY(assignment);
    QCOMPARE(assignment->workloadUuid, u"w"_s);
}

void TestCommand::readsCancel_data()
{
    QTest::addColumn<QByteArray>("params");
    QTest::addColumn<qint64>("pid");
    QTest::addColumn<QString>("requestId");
    QTest::addColumn<QString>("signalName");
    QTest::newRow("by pid") << QByteArray(R"({"pid":4711})") << qint64(4711) << QString() << u"SIGTERM"_s;
    QTest::newRow("by request") << QByteArray(R"({"workload_request_id":"r"})") << qint64(0) << u"r"_s
                                << u"SIGTERM"_s;
    QTest::newRow("by a number as request")
        << QByteArray(R"({"workload_request_id":7})") << qint64(0) << u"7"_s << u"SIGTERM"_s;
    QTest::newRow("the pid counts if both are given")
        << QByteArray(R"({"pid":4711,"workload_request_id":"r"})") << qint64(4711) << QString()
        << u"SIGTERM"_s;
    QTest::newRow("with SIGINT") << QByteArray(R"({"pid":4711,"signal":"SIGINT"})") << qint64(4711)
                                 << QString() << u"SIGINT"_s;
    QTest::newRow("with SIGKILL") << QByteArray(R"({"pid":4711,"signal":"SIGKILL"})") << qint64(4711)
                                  << QString() << u"SIGKILL"_s;
}

void TestCommand::readsCancel()
{
    QFETCH(QByteArray, params);
    QFETCH(qint64, pid);
    QFETCH(QString, requestId);
    const auto command = parseCommand(R"({"command":"cancel","request_id":"c","params":)" + params + "}");
    const auto *cancel = actionOf<CancelWorkload>(command);
    QVERIFY(cancel);
    if (pid > 0)
        QCOMPARE(std::get<qint64>(cancel->target), pid);
    else
        QCOMPARE(std::get<QString>(cancel->target), requestId);
    QTEST(cancel->signalName, "signalName");
}

void TestCommand::refusesWithAnAnswer_data()
{
    QTest::addColumn<QByteArray>("payload");
    QTest::addColumn<QString>("problem");
    QTest::newRow("an unknown command")
        << QByteArray(R"({"command":"dance","request_id":"r"})") << u"Unknown command 'dance'"_s;
    QTest::newRow("a command in capitals")
        << QByteArray(R"({"command":"STATUS","request_id":"r"})") << u"Unknown command 'STATUS'"_s;
    QTest::newRow("no command") << QByteArray(R"({"request_id":"r"})") << u"command is missing"_s;
    QTest::newRow("a command that is a number")
        << QByteArray(R"({"command":1,"request_id":"r"})") << u"command is missing, or is not a string"_s;
    QTest::newRow("params a list") << QByteArray(R"({"command":"inference","request_id":"r","params":[]})")
                                   << u"params is not a JSON object"_s;
    QTest::newRow("nested too deep to be meant well")
        << QByteArray(R"({"command":"inference","request_id":"r","params":{"a":)") +
               QByteArray(maxCommandDepth, '[') + QByteArray(maxCommandDepth, ']') + "}}"
        << u"nests more than 64 levels"_s;
    QTest::newRow("a workload_uuid that would fill the environment")
        << QByteArray(R"({"command":"training","request_id":"r","params":{"workload_uuid":")") +
               QByteArray(100'000, 'x') + "\"}}"
        << u"workload_uuid is longer than 256 characters"_s;
    QTest::newRow("a workload_uuid with a NUL")
        << QByteArray(
               R"({"command":"workload_received","request_id":"r","params":{"command_type":"training","workload_uuid":"a\u0000b"}})")
        << u"not printable"_s;
    QTest::newRow("params text") << QByteArray(R"({"command":"training","request_id":"r","params":"x"})")
                                 << u"params is not a JSON object"_s;
    QTest::newRow("command_params a list")
        << QByteArray(
               R"({"command":"workload_received","request_id":"r","params":{"command_type":"training","command_params":[1]}})")
        << u"command_params is not a JSON object"_s;
    QTest::newRow("another signal")
        << QByteArray(R"({"command":"cancel","request_id":"r","params":{"pid":1,"signal":"SIGSTOP"}})")
        << u"Invalid signal 'SIGSTOP', allowed are SIGTERM, SIGINT, SIGKILL"_s;
    QTest::newRow("a signal that is a number")
        << QByteArray(R"({"command":"cancel","request_id":"r","params":{"pid":1,"signal":9}})")
        << u"Invalid signal"_s;
    QTest::newRow("cancel what?") << QByteArray(R"({"command":"cancel","request_id":"r","params":{}})")
                                  << u"No active workload"_s;
    QTest::newRow("a group as pid") << QByteArray(
                                           R"({"command":"cancel","request_id":"r","params":{"pid":-1}})")
                                    << u"pid is not a process id"_s;
    QTest::newRow("a pid in words") << QByteArray(
                                           R"({"command":"cancel","request_id":"r","params":{"pid":"1"}})")
                                    << u"pid is not a process id"_s;
    QTest::newRow("a pid beyond every system")
        << QByteArray(R"({"command":"cancel","request_id":"r","params":{"pid":1e15}})")
        << u"pid is not a process id"_s;
    QTest::newRow("half a pid") << QByteArray(R"({"command":"cancel","request_id":"r","params":{"pid":1.5}})")
                                << u"pid is not a process id"_s;
}

void TestCommand::refusesWithAnAnswer()
{
    QFETCH(QByteArray, payload);
    QFETCH(QString, problem);
    const auto command = parseCommand(payload);
    QVERIFY(!command);
    QVERIFY(command.error().requestId);
    QCOMPARE(command.error().requestId->text(), u"r"_s);
    QVERIFY2(command.error().error.what.contains(problem), qPrintable(command.error().error.what));
}

void TestCommand::refusesSilently_data()
{
    QTest::addColumn<QByteArray>("payload");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("not JSON") << QByteArray("{\"command\":");
    QTest::newRow("a list") << QByteArray("[1]");
    QTest::newRow("a lone number") << QByteArray("7");
    QTest::newRow("a response that strayed")
        << QByteArray(R"({"status":"ok","request_id":"r","output":"x"})");
    QTest::newRow("NaN is not JSON") << QByteArray(
        R"({"command":"inference","request_id":"r","params":{"a":NaN}})");
    QTest::newRow("nested too deep") << QByteArray(R"({"command":"inference","params":{"a":)") +
                                            QByteArray(100'000, '[') + QByteArray(100'000, ']') + "}}";
    QTest::newRow("too large") << QByteArray(maxCommandBytes + 1, ' ');
}

void TestCommand::refusesSilently()
{
    QFETCH(QByteArray, payload);
    const auto command = parseCommand(payload);
    QVERIFY(!command);
    QVERIFY(!command.error().requestId);
    QVERIFY(!command.error().error.what.isEmpty());
}

void TestCommand::generatesAMissingRequestId_data()
{
    QTest::addColumn<QByteArray>("payload");
    QTest::addColumn<bool>("valid");
    QTest::newRow("missing") << QByteArray(R"({"command":"status"})") << true;
    QTest::newRow("null") << QByteArray(R"({"command":"status","request_id":null})") << true;
    QTest::newRow("a list") << QByteArray(R"({"command":"status","request_id":[1]})") << false;
    QTest::newRow("with a line break") << QByteArray(R"({"command":"status","request_id":"a\nb"})") << false;
}

void TestCommand::generatesAMissingRequestId()
{
    QFETCH(QByteArray, payload);
    QFETCH(bool, valid);
    const auto command = parseCommand(payload);
    QCOMPARE(command.has_value(), valid);
    const QString id = valid ? command->requestId.text() : command.error().requestId->text();
    QCOMPARE(id.size(), 36);
}

QTEST_GUILESS_MAIN(TestCommand)
#include "tst_command.moc"
