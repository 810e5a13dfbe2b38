// cyberwave.yml and front matter: whatever is in the file, it is read or refused with a place and a reason,
// and so is every value in it.
#include "config/commandtemplate.h"
#include "config/configfile.h"
#include "config/setting.h"
#include "fuzz/check.h"

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;

namespace {

void checkErrors(const QList<Error> &errors)
{
    for (const Error &error : errors)
        CHECK(!error.what.isEmpty() && !error.where.isEmpty() && !error.text().isEmpty());
}

void checkTemplate(const QString &text)
{
    const auto command = CommandTemplate::parse(text);
    if (!command) {
        CHECK(!command.error().what.isEmpty());
        return;
    }
    const auto rendered = command->render("{\"a\":\"'\"}", u"/tmp/it's"_s, u"$(id)"_s, BodyMode::Inline);
    CHECK(rendered || !rendered.error().what.isEmpty());
}

void checkValues(const ConfigFile &file)
{
    NodeConfig config;
    for (auto value = file.values.cbegin(); value != file.values.cend(); ++value) {
        CHECK(value->line >= 1);
        CHECK(knownFileKeys().contains(value.key()));
    }
    for (const Setting &setting : allSettings()) {
        for (const QString &key : setting.fileKeys) {
            if (!file.values.contains(key))
                continue;
            const QString text = file.values[key].text;
            const auto assigned = setting.assign(text, config);
            CHECK(assigned || !assigned.error().what.isEmpty());
            if (assigned && setting.kind == ValueKind::Command)
                checkTemplate(text);
        }
    }
    CHECK(config.mqttPort > 0 && config.maxConcurrentWorkloads > 0 && config.cancelGrace.count() >= 0);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const QByteArray text(reinterpret_cast<const char *>(data), static_cast<qsizetype>(size));
    const auto file = ConfigFile::parse(text, u"cyberwave.yml"_s);
    if (file) {
        checkErrors(file->warnings + file->notes);
        checkValues(*file);
    } else {
        checkErrors({file.error()});
    }
    if (const auto front = ConfigFile::parseFrontMatter(text, u"README.md"_s)) {
        checkErrors(front->warnings + front->notes);
        checkValues(*front);
    }
    return 0;
}
