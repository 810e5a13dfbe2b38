#include "bench/processmeter.h"

#include <QDir>
#include <QFile>

#include <ctime>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::bench::processmeter {

namespace {

/// The number behind `key:` in a file of the kernel's; 0 if there is none.
qint64 numberIn(const QString &path, QByteArrayView key)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    const QList<QByteArray> lines = file.readAll().split('\n');
    for (const QByteArray &line : lines) {
        const qsizetype colon = line.indexOf(':');
        if (line.left(colon) == key)
            return line.mid(colon + 1).simplified().split(' ').first().toLongLong();
    }
    return 0;
}

} // namespace

double work(qint64 pid)
{
    clockid_t clock = {};
    timespec used = {};
    if (::clock_getcpuclockid(static_cast<pid_t>(pid), &clock) != 0 || ::clock_gettime(clock, &used) != 0)
        return 0;
    return static_cast<double>(used.tv_sec) * 1e3 + static_cast<double>(used.tv_nsec) / 1e6;
}

qint64 wakeUps(qint64 pid)
{
    const QDir threads(u"/proc/%1/task"_s.arg(pid));
    qint64 all = 0;
    for (const QString &thread : threads.entryList(QDir::Dirs | QDir::NoDotAndDotDot))
        all += numberIn(threads.filePath(thread) + u"/status"_s, "voluntary_ctxt_switches");
    return all;
}

Memory memory(qint64 pid)
{
    const QString path = u"/proc/%1/smaps_rollup"_s.arg(pid);
    return {static_cast<double>(numberIn(path, "Pss")) / 1024,
            static_cast<double>(numberIn(path, "Private_Dirty")) / 1024};
}

} // namespace cloudnode::bench::processmeter
