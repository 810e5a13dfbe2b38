#include "commands/doctor.h"

#include "commandline.h"
#include "config/configsources.h"
#include "console.h"
#include "doctor/backendcheck.h"
#include "doctor/brokercheck.h"
#include "doctor/controlplane.h"
#include "doctor/doctor.h"
#include "doctor/gpucheck.h"
#include "doctor/hostnamecheck.h"
#include "doctor/machine.h"
#include "doctor/threadcheck.h"
#include "node/exitcodes.h"
#include "painter.h"
#include "platform/selfprotection.h"

#include <QCoreApplication>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace cloudnode {

namespace {

constexpr auto limitOfACheck = 10s;

void addCommands(Doctor &doctor, const NodeConfig &config)
{
    if (config.inference.isEmpty() && config.training.isEmpty() && config.simulate.isEmpty())
        doctor.add(Finding::problem(
            u"commands"_s, u"none is configured: the node would refuse all work"_s,
            u"Set training or inference in %1/cyberwave.yml."_s.arg(config.workingDirectory)));
}

void addCloud(Doctor &doctor, const NodeConfig &config)
{
    QStringList hosts = {config.apiUrl.host(), config.mqttHost};
    hosts.removeDuplicates();
    for (const QString &host : std::as_const(hosts))
        doctor.add(std::make_unique<HostNameCheck>(host));
    doctor.add(std::make_unique<BackendCheck>(config));
    doctor.add(std::make_unique<BrokerCheck>(config));
    doctor.add(controlPlaneFinding(config));
}

/// What depends on the configuration.
void addConfigured(Doctor &doctor, const NodeOptions &node)
{
    const QString name = u"configuration"_s;
    const auto loaded = loadConfig(node.request());
    if (!loaded) {
        const Error &error = loaded.error();
        doctor.add(Finding::problem(name, Error{error.what, error.where, {}}.text(),
                                    error.remedy.isEmpty() ? u"Correct it there."_s : error.remedy));
        doctor.add(Finding::note(u"backend"_s, u"token, backend and broker were not checked"_s));
        return;
    }
    for (const Error &warning : loaded->warnings)
        doctor.add(Finding::note(name, Error{warning.what, warning.where, {}}.text(), warning.remedy));
    doctor.add(Finding::ok(name, loaded->configFile.isEmpty() ? u"no file; environment and defaults"_s
                                                              : loaded->configFile));
    addCommands(doctor, loaded->config);
    addCloud(doctor, loaded->config);
}

void addMachine(Doctor &doctor, const QString &stateDir)
{
    doctor.add(std::make_unique<ThreadCheck>(u"disk"_s, [stateDir] { return machine::diskSpace(stateDir); }));
    doctor.add(machine::descriptorLimit());
    doctor.add(machine::runner());
    doctor.add(std::make_unique<ThreadCheck>(u"tray"_s, machine::trayHost));
    doctor.add(std::make_unique<GpuCheck>());
}

QString verdict(const Finding &finding, const Painter &painter)
{
    switch (finding.verdict) {
    case Finding::Verdict::Ok:
        return painter.paint(u"ok     "_s, Tone::Good);
    case Finding::Verdict::Note:
        return painter.paint(u"note   "_s, Tone::Warning);
    case Finding::Verdict::Problem:
        break;
    }
    return painter.paint(u"PROBLEM"_s, Tone::Bad);
}

void print(const Finding &finding)
{
    QString text = finding.text;
    if (!finding.remedy.isEmpty())
        text += u". "_s + finding.remedy;
    constexpr int widestSubject = 13; // "configuration"
    console::print(verdict(finding, Painter::forStandardOutput()) + u"  "_s +
                   finding.subject.leftJustified(widestSubject) + u"  "_s +
                   console::printable(text).replace(u'\n', u' '));
}

int runDoctor(const NodeOptions &node)
{
    selfprotection::hideMemory();
    Doctor doctor(limitOfACheck);
    addConfigured(doctor, node);
    addMachine(doctor, ConfigFolders(node.request()).state);
    QObject::connect(&doctor, &Doctor::found, qApp, print);
    const auto end = [](bool healthy) { QCoreApplication::exit(healthy ? exitcode::ok : exitcode::unwell); };
    QObject::connect(&doctor, &Doctor::finished, qApp, end, Qt::QueuedConnection);
    QMetaObject::invokeMethod(&doctor, &Doctor::start, Qt::QueuedConnection);
    return QCoreApplication::exec();
}

} // namespace

void addDoctorCommand(CommandLine &line)
{
    line.add(
        "doctor", "Check all that a node needs",
        [&line](CommandOptions command) { line.node().addTo(command); },
        [&line] { return runDoctor(line.node()); });
}

} // namespace cloudnode
