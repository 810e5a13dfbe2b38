#include "sandbox/sandboxoptions.h"

#include <QCommandLineParser>
#include <QFileInfo>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::sandbox {

namespace {

/// The options' declarations, and the parser that knows them.
class CommandLine {
public:
    CommandLine()
    {
        parser.setApplicationDescription(
            u"A stand-in Cyberwave cloud on this machine: its API, and a real MQTT broker.\n"
            "Prints what happens, and exits with 3 if a node has broken the contract."_s);
        parser.addOptions({port, mqttPort, token, plane, fault, legacyPaths, anyWorkload, noBroker, useBroker,
                           tlsCert, tlsKey, tlsClientCa, store, journal, human, untilEof, help, version});
    }

    const QCommandLineOption port{u"port"_s, u"Port of the REST API; 0 is a free one."_s, u"N"_s, u"0"_s};
    const QCommandLineOption mqttPort{u"mqtt-port"_s, u"Port of the broker; 0 is a free one."_s, u"N"_s,
                                      u"0"_s};
    const QCommandLineOption token{u"token"_s, u"The API token to accept."_s, u"TEXT"_s, u"sandbox-token"_s};
    const QCommandLineOption plane{
        u"control-plane"_s,
        u"How nodes ask: rest (generation 1), mqtt (generation 2: MQTT 5 requests, and of the REST API "
        "only what is left of it) or both."_s,
        u"NAME"_s, u"rest"_s};
    const QCommandLineOption fault{
        u"fail"_s,
        u"What goes wrong: create, register, heartbeat, log, terminated, failed, instances, workload, "
        "workload_status, signed_url, upload_results or store, then 300 to 599, hang, close, badjson, empty, "
        "html, "
        "slow=MILLISECONDS, lost, twice or stranger, and how often. The store of result files can meet 300 "
        "to "
        "599, hang, close, slow=MILLISECONDS, lost, cut=BYTES, crawl=BYTES (a second) and expired. May be "
        "repeated."_s,
        u"OPERATION=STATUS[:COUNT]"_s};
    const QCommandLineOption legacyPaths{u"legacy-paths"_s,
                                         u"Only the older common paths for log, terminated and failed."_s};
    const QCommandLineOption anyWorkload{
        u"any-workload"_s, u"Workloads need not be made first: one is there once a node speaks of it."_s};
    const QCommandLineOption noBroker{u"no-broker"_s, u"Start no MQTT broker."_s};
    const QCommandLineOption useBroker{
        u"use-broker"_s, u"Start no MQTT broker: answer at the one on this port of 127.0.0.1."_s, u"PORT"_s};
    const QCommandLineOption tlsCert{
        u"tls-cert"_s, u"All doors speak TLS, with the certificate in this PEM file."_s, u"FILE"_s};
    const QCommandLineOption tlsKey{u"tls-key"_s, u"Its private key."_s, u"FILE"_s};
    const QCommandLineOption tlsClientCa{
        u"tls-client-ca"_s, u"Let in only who has a certificate of the authority in this PEM file."_s,
        u"FILE"_s};
    const QCommandLineOption store{
        u"store"_s,
        u"Keep the result files of workloads in this folder; otherwise they are only counted and hashed."_s,
        u"DIR"_s};
    const QCommandLineOption journal{u"journal"_s, u"Also write the events to this file, as JSON lines."_s,
                                     u"FILE"_s};
    const QCommandLineOption human{u"human"_s,
                                   u"Sentences instead of JSON lines; the default at a terminal."_s};
    const QCommandLineOption untilEof{u"until-eof"_s, u"Stop when the standard input ends."_s};
    const QCommandLineOption help{{u"h"_s, u"help"_s}, u"Show this."_s};
    const QCommandLineOption version{{u"v"_s, u"version"_s}, u"Show the version."_s};
    QCommandLineParser parser; // needs all of the above
};

Result<quint16> portOf(const CommandLine &line, const QCommandLineOption &option)
{
    const QString text = line.parser.value(option);
    bool isPort = false;
    const quint16 port = text.toUShort(&isPort);
    if (!isPort)
        return fail(u"\"%1\" is not a port"_s.arg(text), u"--"_s + option.names().first(),
                    u"Give a number from 0 to 65535."_s);
    return port;
}

Result<QList<Fault>> faultsOf(const CommandLine &line)
{
    QList<Fault> faults;
    for (const QString &text : line.parser.values(line.fault)) {
        auto fault = Fault::parse(text);
        if (!fault) {
            fault.error().where = u"--fail"_s;
            return tl::make_unexpected(fault.error());
        }
        faults << *fault;
    }
    return faults;
}

Result<ControlPlane> controlPlaneOf(const CommandLine &line)
{
    const QString name = line.parser.value(line.plane);
    const auto plane = controlPlaneFromString(name);
    if (!plane)
        return fail(u"\"%1\" is no control plane"_s.arg(name), u"--control-plane"_s,
                    u"Give rest, mqtt or both."_s);
    const bool hasBroker = !line.parser.isSet(line.noBroker) || line.parser.isSet(line.useBroker);
    if (*plane != ControlPlane::Rest && !hasBroker)
        return fail(u"requests over MQTT need a broker"_s, u"--control-plane, --no-broker"_s,
                    u"Leave out --no-broker, or name one with --use-broker."_s);
    return *plane;
}

} // namespace

Result<SandboxOptions> SandboxOptions::parse(const QStringList &arguments)
{
    CommandLine line;
    const QString remedy = u"See --help."_s;
    if (!line.parser.parse(arguments))
        return fail(line.parser.errorText().chopped(1), {}, remedy);
    if (!line.parser.positionalArguments().isEmpty())
        return fail(u"\"%1\" is too much"_s.arg(line.parser.positionalArguments().first()), {}, remedy);

    SandboxOptions options;
    const auto port = portOf(line, line.port);
    const auto mqttPort = portOf(line, line.mqttPort);
    const auto faults = faultsOf(line);
    if (!port)
        return tl::make_unexpected(port.error());
    if (!mqttPort)
        return tl::make_unexpected(mqttPort.error());
    if (!faults)
        return tl::make_unexpected(faults.error());
    const auto controlPlane = controlPlaneOf(line);
    if (!controlPlane)
        return tl::make_unexpected(controlPlane.error());
    options.controlPlane = *controlPlane;
    if (line.parser.isSet(line.useBroker)) {
        const auto otherBroker = portOf(line, line.useBroker);
        if (!otherBroker)
            return tl::make_unexpected(otherBroker.error());
        options.otherBroker = *otherBroker;
    }
    options.port = *port;
    options.mqttPort = *mqttPort;
    options.faults = *faults;
    options.token = line.parser.value(line.token);
    if (options.token.isEmpty())
        return fail(u"the token is empty"_s, u"--token"_s);
    options.tls = {line.parser.value(line.tlsCert), line.parser.value(line.tlsKey),
                   line.parser.value(line.tlsClientCa)};
    if (options.tls.inUse() == options.tls.key.isEmpty() ||
        (!options.tls.inUse() && !options.tls.clientCa.isEmpty()))
        return fail(u"TLS needs a certificate and its key"_s, u"--tls-cert, --tls-key"_s,
                    u"Give both, or none."_s);
    options.legacyPaths = line.parser.isSet(line.legacyPaths);
    options.anyWorkload = line.parser.isSet(line.anyWorkload);
    options.broker = !line.parser.isSet(line.noBroker) && options.otherBroker == 0;
    options.storeFolder = line.parser.value(line.store);
    if (!options.storeFolder.isEmpty() && !QFileInfo(options.storeFolder).isDir())
        return fail(u"there is no such folder"_s, options.storeFolder, u"Make it first."_s);
    options.journalPath = line.parser.value(line.journal);
    options.human = line.parser.isSet(line.human);
    options.untilEof = line.parser.isSet(line.untilEof);
    options.helpWanted = line.parser.isSet(line.help);
    options.versionWanted = line.parser.isSet(line.version);
    return options;
}

QString SandboxOptions::help()
{
    return CommandLine().parser.helpText();
}

} // namespace cloudnode::sandbox
