#include "base/version.h"
#include "platform/endofinput.h"
#include "platform/stopsignals.h"
#include "platform/thisprogram.h"
#include "sandbox/eventwriter.h"
#include "sandbox/sandbox.h"

#include <QCoreApplication>

#include <cstdio>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;
using namespace cloudnode::sandbox;

namespace {

enum ExitStatus { Success = 0, CannotRun = 1, WrongUsage = 2, ContractBroken = 3 };

int complain(const Error &error, ExitStatus status)
{
    std::fprintf(stderr, "cloudnode-sandbox: %s\n", qUtf8Printable(error.text()));
    return status;
}

int print(const QString &text)
{
    std::fputs(qUtf8Printable(text), stdout);
    return Success;
}

Result<std::unique_ptr<EventWriter>> openJournal(const SandboxOptions &options)
{
    if (options.journalPath.isEmpty())
        return nullptr;
    return EventWriter::toFile(options.journalPath, EventWriter::Format::JsonLines);
}

int run(const SandboxOptions &options)
{
    const auto journal = openJournal(options);
    if (!journal)
        return complain(journal.error(), CannotRun);
    const bool forPeople = options.human || thisprogram::writesToTerminal();
    EventWriter output(forPeople ? EventWriter::Format::Sentences : EventWriter::Format::JsonLines);

    const StopSignals stopSignals;
    Sandbox sandbox(options);
    QObject::connect(&sandbox.events(), &EventLog::added, &sandbox, [&](const QJsonObject &event) {
        output.write(event);
        if (*journal)
            (*journal)->write(event);
    });
    QObject::connect(&sandbox, &Sandbox::failed, &sandbox,
                     [](const Error &reason) { QCoreApplication::exit(complain(reason, CannotRun)); });
    QObject::connect(&stopSignals, &StopSignals::requested, &sandbox, [] { QCoreApplication::quit(); });
    std::unique_ptr<EndOfInput> endOfInput;
    if (options.untilEof) {
        endOfInput = std::make_unique<EndOfInput>();
        QObject::connect(endOfInput.get(), &EndOfInput::reached, &sandbox, [] { QCoreApplication::quit(); });
    }
    sandbox.start();
    const int status = QCoreApplication::exec();
    const int breaches = sandbox.events().breaches();
    sandbox.events().add(u"stopped"_s, {{u"breaches"_s, breaches}});
    return status == Success && breaches > 0 ? ContractBroken : status;
}

} // namespace

int main(int argc, char **argv)
{
    const QCoreApplication app(argc, argv);
    QCoreApplication::setApplicationName(u"cloudnode-sandbox"_s);
    QCoreApplication::setApplicationVersion(QString::fromLatin1(version()));
    const auto options = SandboxOptions::parse(QCoreApplication::arguments());
    if (!options)
        return complain(options.error(), WrongUsage);
    if (options->helpWanted)
        return print(SandboxOptions::help());
    if (options->versionWanted)
        return print(u"cloudnode-sandbox "_s + QCoreApplication::applicationVersion() + u'\n');
    return run(*options);
}
