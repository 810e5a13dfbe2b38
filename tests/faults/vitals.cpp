#include "faults/vitals.h"

#include <QDir>
#include <QDirIterator>
#include <QFile>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::faults {

namespace {

/// The number behind `key` in a file of /proc; 0 if it is not there.
qint64 numberIn(const QString &path, const QByteArray &key)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return 0;
    for (const QByteArray &line : file.readAll().split('\n')) {
        if (line.startsWith(key))
            return line.sliced(key.size()).simplified().split(' ').first().toLongLong();
    }
    return 0;
}

qint64 kibibytesBelow(const QString &folder)
{
    qint64 bytes = 0;
    QDirIterator files(folder, QDir::Files | QDir::Hidden | QDir::NoSymLinks, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        files.next();
        bytes += files.fileInfo().size();
    }
    return bytes / 1024;
}

} // namespace

Vitals Vitals::of(qint64 pid, const QString &stateDir, double seconds)
{
    const QString proc = u"/proc/%1/"_s.arg(pid);
    return {.seconds = seconds,
            .rssKiB = numberIn(proc + u"status"_s, "VmRSS:"),
            .pssKiB = numberIn(proc + u"smaps_rollup"_s, "Pss:"),
            .descriptors =
                QDir(proc + u"fd"_s).entryList(QDir::AllEntries | QDir::System | QDir::NoDotAndDotDot).size(),
            .threads = numberIn(proc + u"status"_s, "Threads:"),
            .diskKiB = kibibytesBelow(stateDir)};
}

double slopePerHour(const QList<Vitals> &samples, qint64 Vitals::*value)
{
    double meanTime = 0;
    double meanValue = 0;
    const auto count = static_cast<double>(samples.size());
    for (const Vitals &sample : samples) {
        meanTime += sample.seconds / count;
        meanValue += static_cast<double>(sample.*value) / count;
    }
    double covariance = 0;
    double variance = 0;
    for (const Vitals &sample : samples) {
        const double time = sample.seconds - meanTime;
        covariance += time * (static_cast<double>(sample.*value) - meanValue);
        variance += time * time;
    }
    return variance > 0 ? covariance / variance * 3600 : 0;
}

QString summaryOf(const QList<Vitals> &samples)
{
    if (samples.isEmpty())
        return u"nothing was seen\n"_s;
    struct Row {
        const char *name;
        qint64 Vitals::*value;
    };
    static constexpr Row rows[] = {{"RSS, KiB", &Vitals::rssKiB},
                                   {"PSS, KiB", &Vitals::pssKiB},
                                   {"descriptors", &Vitals::descriptors},
                                   {"threads", &Vitals::threads},
                                   {"disk, KiB", &Vitals::diskKiB}};
    const auto middle = samples.size() / 2;
    QString table = u"%1%2%3%4%5\n"_s.arg(u""_s, -14)
                        .arg(u"first"_s, 10)
                        .arg(u"middle"_s, 10)
                        .arg(u"last"_s, 10)
                        .arg(u"rise per hour, second half"_s, 29);
    for (const Row &row : rows) {
        table += u"%1%2%3%4%5\n"_s.arg(QLatin1StringView(row.name), -14)
                     .arg(samples.first().*row.value, 10)
                     .arg(samples.at(middle).*row.value, 10)
                     .arg(samples.last().*row.value, 10)
                     .arg(slopePerHour(samples.mid(middle), row.value), 29, 'f', 1);
    }
    return table;
}

} // namespace cloudnode::faults
