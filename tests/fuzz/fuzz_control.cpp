// Requests to the control socket: however the bytes are cut into packets the same lines come out, every
// request gets exactly one answer, and the client understands it.
#include "control/controlmethods.h"
#include "control/linesplitter.h"
#include "fuzz/check.h"
#include "integration/fakecontrolport.h"

using namespace cloudnode;

namespace {

constexpr qsizetype maxLine = 512; // smaller than the real one, so that it is reached

QList<QByteArray> lines(const QByteArray &bytes, qsizetype packet)
{
    LineSplitter splitter(maxLine);
    QList<QByteArray> found;
    for (qsizetype at = 0; at < bytes.size() && !splitter.hasOverflown(); at += packet) {
        splitter.append(bytes.mid(at, packet));
        while (const auto line = splitter.next()) {
            CHECK(line->size() <= maxLine && !line->contains('\n'));
            found << *line;
        }
    }
    return found;
}

void checkReply(const QByteArray &line)
{
    CHECK(line.endsWith('\n') && line.count('\n') == 1);
    const auto message = controlprotocol::parseMessage(line.chopped(1));
    CHECK(message && std::holds_alternative<controlprotocol::Reply>(*message));
}

void checkRequest(const controlprotocol::Request &request)
{
    FakeControlPort port;
    int answers = 0;
    controlmethods::call(port, request, [&](const controlmethods::Outcome &outcome) {
        ++answers;
        checkReply(outcome ? controlprotocol::result(request.id, *outcome)
                           : controlprotocol::failure(request.id, outcome.error()));
    });
    for (const auto &done : port.cancels)
        done(QJsonObject());
    CHECK(answers == 1);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const QByteArray bytes(reinterpret_cast<const char *>(data) + 1, static_cast<qsizetype>(size) - 1);
    const QList<QByteArray> cut = lines(bytes, 1 + data[0]);
    CHECK(cut == lines(bytes, std::max<qsizetype>(1, bytes.size())));
    for (const QByteArray &line : cut) {
        const auto request = controlprotocol::parseRequest(line);
        if (request)
            checkRequest(*request);
        else
            checkReply(controlprotocol::failure(request.error().id, request.error().failure));
        (void)controlprotocol::parseMessage(line);
    }
    return 0;
}
