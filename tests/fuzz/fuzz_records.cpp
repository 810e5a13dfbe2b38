// Records of the journal: whatever a crash or a stranger has left in the file, it is read or refused with a
// reason, and what has been read survives being written and read again.
#include "fuzz/check.h"
#include "workload/records.h"

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;

namespace {

const QString where = u"record.json"_s;

void checkError(const Error &error)
{
    CHECK(!error.what.isEmpty() && error.where == where);
}

/// Reading and writing again must not change what was read.
template <typename T>
void checkRoundTrip(const QByteArray &json, Result<T> (*parse)(const QByteArray &, const QString &),
                    QByteArray (*serialise)(const T &))
{
    const auto record = parse(json, where);
    if (!record)
        return checkError(record.error());
    const QByteArray written = serialise(*record);
    const auto again = parse(written, where);
    CHECK(again && serialise(*again) == written);
}

void checkStart(const QByteArray &json)
{
    const auto start = records::parseStart(json, where);
    if (!start)
        return checkError(start.error());
    const qint64 pid = start->workload.pid; // 0: blank, see runner/startdraft.h
    CHECK((pid == 0 || pid > 1) && start->supervisor.pid > 1 && start->at.isValid());
}

void checkShipped(const QByteArray &json)
{
    WorkloadProgress progress{.stdoutShipped = 7, .stderrShipped = 8, .cancel = {}};
    if (const auto read = records::parseShipped(json, where, progress); !read) {
        CHECK(progress.stdoutShipped == 7 && progress.stderrShipped == 8);
        return checkError(read.error());
    }
    CHECK(progress.stdoutShipped >= 0 && progress.stderrShipped >= 0);
    WorkloadProgress again;
    CHECK(records::parseShipped(records::serialiseShipped(progress), where, again));
    CHECK(again.stdoutShipped == progress.stdoutShipped && again.stderrShipped == progress.stderrShipped);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArray json(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    checkRoundTrip<WorkloadSpec>(json, records::parseSpec, records::serialise);
    checkRoundTrip<WorkloadEnd>(json, records::parseEnd, records::serialise);
    checkRoundTrip<WorkloadProgress>(json, records::parseProgress, records::serialiseProgress);
    checkStart(json);
    checkShipped(json);
    return 0;
}
