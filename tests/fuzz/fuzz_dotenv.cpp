// .env files: whatever is in the file, what comes out is a bounded list of variables, each once, with the
// line it stands in.
#include "config/dotenv.h"
#include "fuzz/check.h"

#include <QSet>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    QProcessEnvironment environment;
    environment.insert(u"HOME"_s, u"/home/somebody"_s);
    const QString text =
        QString::fromUtf8(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    const auto lines = text.count(u'\n') + text.count(u'\r') + 1;
    const DotEnv file = DotEnv::parse(text, environment);
    QSet<QString> names;
    qsizetype total = 0;
    for (const DotEnvEntry &entry : file.entries) {
        CHECK(!entry.name.isEmpty() && !names.contains(entry.name));
        CHECK(entry.line >= 1 && entry.line <= lines);
        names << entry.name;
        total += entry.value.size();
    }
    CHECK(total <= 1 << 20);
    for (const int line : file.badLines)
        CHECK(line >= 1 && line <= lines);
    return 0;
}
