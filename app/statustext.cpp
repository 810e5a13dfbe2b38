#include "statustext.h"

#include "texttable.h"
#include "words.h"

#include <QJsonArray>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

Cell stateCell(const QJsonObject &snapshot)
{
    QString state = words::plain(snapshot.value("state"_L1));
    Tone tone = toneOf(state);
    if (snapshot.value("paused"_L1).toBool()) {
        state += u", paused: takes no new workloads"_s;
        tone = Tone::Warning;
    }
    if (snapshot.value("is_busy"_L1).toBool())
        state += u", busy"_s;
    return {state, tone};
}

Cell heartbeatCell(const QJsonObject &heartbeat)
{
    if (heartbeat.value("last_ok"_L1).toString().isEmpty())
        return {u"none yet"_s, Tone::Warning};
    const int failures = heartbeat.value("failures"_L1).toInt();
    QString text = words::age(heartbeat.value("last_ok"_L1));
    if (heartbeat.value("round_trip_seconds"_L1).isDouble())
        text += u", %1 ms"_s.arg(heartbeat.value("round_trip_seconds"_L1).toDouble() * 1000, 0, 'f', 0);
    if (failures > 0)
        text += u", %1 failed since"_s.arg(failures);
    return {text, failures > 0 ? Tone::Bad : Tone::Good};
}

Cell brokerCell(const QJsonObject &broker)
{
    const bool connected = broker.value("connected"_L1).toBool();
    const QString host =
        u"%1:%2%3"_s.arg(words::plain(broker.value("host"_L1)), words::plain(broker.value("port"_L1)),
                         broker.value("tls"_L1).toBool() ? u" (TLS)"_s : QString());
    if (!connected)
        return {host + u", not connected"_s, Tone::Bad};
    return {host + u", connected since "_s + words::time(broker.value("since"_L1)), Tone::Good};
}

QString commandsOf(const QJsonObject &snapshot)
{
    QStringList known;
    for (const QString &type : {u"inference"_s, u"training"_s, u"simulate"_s}) {
        if (snapshot.value(u"has_"_s + type).toBool())
            known << type;
    }
    return known.isEmpty() ? u"none: every workload is refused"_s : known.join(u", "_s);
}

QString backendOf(const QJsonObject &snapshot)
{
    const QString url = words::plain(snapshot.value("api_url"_L1));
    const QString plane = snapshot.value("control_plane"_L1).toString();
    return plane.isEmpty() ? url : u"%1, over %2"_s.arg(url, words::controlPlane(plane));
}

TextTable factsOf(const QJsonObject &snapshot)
{
    TextTable table;
    const auto fact = [&](const QString &name, const QString &key) {
        table.add({{name, Tone::Faint}, {words::plain(snapshot.value(key))}});
    };
    table.add({{u"node"_s, Tone::Faint}, {words::plain(snapshot.value("slug"_L1)), Tone::Strong}});
    table.add({{u"state"_s, Tone::Faint}, stateCell(snapshot)});
    fact(u"uuid"_s, u"instance_uuid"_s);
    fact(u"workspace"_s, u"workspace_slug"_s);
    fact(u"profile"_s, u"profile_slug"_s);
    table.add({{u"backend"_s, Tone::Faint}, {backendOf(snapshot)}});
    table.add({{u"heartbeat"_s, Tone::Faint}, heartbeatCell(snapshot.value("heartbeat"_L1).toObject())});
    table.add({{u"broker"_s, Tone::Faint}, brokerCell(snapshot.value("broker"_L1).toObject())});
    table.add({{u"commands"_s, Tone::Faint}, {commandsOf(snapshot)}});
    if (const int unreported = snapshot.value("unreported_results"_L1).toInt(); unreported > 0)
        table.add({{u"unreported"_s, Tone::Faint}, {u"%1 results"_s.arg(unreported), Tone::Warning}});
    table.add({{u"process"_s, Tone::Faint},
               {u"pid %1, version %2, up %3"_s.arg(words::plain(snapshot.value("pid"_L1)),
                                                   words::plain(snapshot.value("version"_L1)),
                                                   words::duration(snapshot.value("uptime_seconds"_L1)))}});
    fact(u"state dir"_s, u"state_dir"_s);
    return table;
}

void addProblem(TextTable &table, const QJsonObject &problem)
{
    table.add({{u"problem"_s, Tone::Faint}, {words::plain(problem.value("what"_L1)), Tone::Bad}});
    table.add({{}, {u"since "_s + words::time(problem.value("since"_L1))}});
    if (const QString remedy = problem.value("remedy"_L1).toString(); !remedy.isEmpty())
        table.add({{}, {remedy}});
}

QString progressText(const QJsonObject &workload)
{
    const QJsonObject cancel = workload.value("cancel"_L1).toObject();
    if (!cancel.isEmpty())
        return u"%1 sent at %2"_s.arg(cancel.value("signal"_L1).toString(),
                                      words::time(cancel.value("at"_L1)));
    const QJsonObject progress = workload.value("progress"_L1).toObject();
    if (progress.isEmpty())
        return {};
    return u"%1 % %2"_s.arg(progress.value("fraction"_L1).toDouble() * 100, 0, 'f', 0)
        .arg(progress.value("text"_L1).toString());
}

TextTable activeTable(const QJsonArray &active)
{
    TextTable table;
    table.add({{u"REQUEST"_s, Tone::Faint},
               {u"TYPE"_s, Tone::Faint},
               {u"PID"_s, Tone::Faint},
               {u"RUNNING"_s, Tone::Faint},
               {u"CPU"_s, Tone::Faint},
               {u"MEMORY"_s, Tone::Faint},
               {u"PROGRESS"_s, Tone::Faint}});
    for (const QJsonValue &entry : active) {
        const QJsonObject workload = entry.toObject();
        const QJsonValue cpu = workload.value("cpu_percent"_L1);
        const QJsonValue memory = workload.value("memory_bytes"_L1);
        table.add({{words::plain(workload.value("request_id"_L1)), Tone::Strong},
                   {words::plain(workload.value("type"_L1))},
                   {words::plain(workload.value("pid"_L1))},
                   {words::duration(workload.value("running_for_seconds"_L1))},
                   {cpu.isDouble() ? u"%1 %"_s.arg(cpu.toDouble(), 0, 'f', 0) : u"-"_s},
                   {memory.isDouble() ? words::bytes(memory.toDouble()) : u"-"_s},
                   {progressText(workload)}});
    }
    return table;
}

Cell uploadCell(const QJsonObject &upload)
{
    const QString text = u"%1 of %2 files, %3 of %4, of %5"_s.arg(
        words::plain(upload.value("files_done"_L1)), words::plain(upload.value("files"_L1)),
        words::bytes(upload.value("bytes_done"_L1).toDouble()),
        words::bytes(upload.value("bytes"_L1).toDouble()), words::plain(upload.value("request_id"_L1)));
    const QString problem = upload.value("problem"_L1).toString();
    return problem.isEmpty() ? Cell{text} : Cell{text + u"; waits: "_s + problem, Tone::Warning};
}

void addUploads(TextTable &table, const QJsonArray &uploads)
{
    for (const auto &upload : uploads)
        table.add({{u"uploading"_s, Tone::Faint}, uploadCell(upload.toObject())});
}

} // namespace

Tone toneOf(const QString &state)
{
    if (state == "ready"_L1 || state == "completed"_L1)
        return Tone::Good;
    if (state == "failed"_L1 || state == "lost"_L1)
        return Tone::Bad;
    return state == "running"_L1 ? Tone::Strong : Tone::Warning;
}

QString statusText(const QJsonObject &snapshot, const Painter &painter)
{
    TextTable facts = factsOf(snapshot);
    addUploads(facts, snapshot.value("uploads"_L1).toArray());
    if (snapshot.value("problem"_L1).isObject())
        addProblem(facts, snapshot.value("problem"_L1).toObject());
    const QJsonArray active = snapshot.value("active_workloads"_L1).toArray();
    QStringList parts = {facts.text(painter), {}};
    parts << (active.isEmpty() ? u"No workload is running."_s : activeTable(active).text(painter));
    return parts.join(u'\n');
}

} // namespace cloudnode
