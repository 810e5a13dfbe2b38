#include "faults/evidence.h"

#include "faults/logbook.h"

#include <QDir>
#include <QFile>
#include <QStringDecoder>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::faults {

namespace {

constexpr qint64 longestReadWhole = 64 * 1024; // bytes; what the other jobs print is far below

} // namespace

Evidence Evidence::read(const QString &ledgerPath, const QString &logsFolder)
{
    Evidence evidence;
    evidence.readLedger(ledgerPath);
    const QDir logs(logsFolder);
    for (const QString &name :
         logs.entryList({u"training_*.stdout.log"_s, u"training_*.stderr.log"_s}, QDir::Files))
        evidence.readLog(logs.filePath(name));
    return evidence;
}

void Evidence::readLedger(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return;
    for (const QByteArray &line : file.readAll().split('\n')) {
        const QList<QByteArray> words = line.split(' ');
        if (words.size() != 3)
            continue;
        const QString id = QString::fromLatin1(words.first());
        ++starts[id];
        processes[id] = {words.at(1).toLongLong(), words.at(2).toLongLong()};
    }
}

void Evidence::readLog(const QString &path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return;
    ++logFiles;
    // Of a flood, which is plain text, the end tells enough.
    const qint64 skipped = std::max<qint64>(0, file.size() - longestReadWhole);
    file.seek(skipped);
    QStringDecoder decode(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString text = decode(file.readAll());
    printedBytes += skipped + text.toUtf8().size();
    for (const QRegularExpressionMatch &match : markPattern().globalMatch(text))
        printed[match.captured(1)] = match.capturedView(2).toInt();
}

} // namespace cloudnode::faults
