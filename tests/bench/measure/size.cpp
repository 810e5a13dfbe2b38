#include "bench/measure/measurements.h"

#include <QFileInfo>
#include <QProcess>
#include <QSet>
#include <QTemporaryDir>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::bench {

namespace {

constexpr double mebi = 1024 * 1024;

QByteArray outputOf(const QString &program, const QStringList &arguments)
{
    QProcess process;
    process.start(program, arguments);
    process.waitForFinished();
    return process.readAllStandardOutput();
}

/// As a package would hold it: without what only debuggers read.
qint64 strippedSize(const QString &program)
{
    const QTemporaryDir folder;
    const QString stripped = folder.filePath(u"stripped"_s);
    outputOf(u"strip"_s, {u"-o"_s, stripped, program});
    return QFileInfo(stripped).size();
}

/// All that its loader brings in.
QSet<QString> librariesOf(const QString &program)
{
    QSet<QString> found;
    const QList<QByteArray> lines = outputOf(u"ldd"_s, {program}).split('\n');
    for (const QByteArray &line : lines) {
        const qsizetype begin = line.indexOf('/');
        if (begin >= 0)
            found.insert(
                QFileInfo(QString::fromLocal8Bit(line.mid(begin).split(' ').first())).canonicalFilePath());
    }
    return found;
}

Row rowOf(const QString &key, const QString &what, qint64 bytes)
{
    return {.key = key,
            .what = what,
            .unit = u"MiB"_s,
            .measured = Samples::single(static_cast<double>(bytes) / mebi),
            .floorWhat = {},
            .floor = {},
            .goals = {},
            .note = {}};
}

} // namespace

Rows measureSize(const Scale & /*scale*/)
{
    const QString node = QStringLiteral(CLOUDNODE_BIN_DIR "/cloudnode");
    const QString runner = QStringLiteral(CLOUDNODE_BIN_DIR "/cloudnode-runner");
    qint64 libraries = 0;
    const QSet<QString> needed = librariesOf(node) + librariesOf(runner);
    for (const QString &library : needed)
        libraries += QFileInfo(library).size();
    return QList<Row>{rowOf(u"size"_s, u"installed size, headless: cloudnode and its runner"_s,
                            strippedSize(node) + strippedSize(runner)),
                      rowOf(u"size_libraries"_s,
                            u"and the %1 libraries they load, those of the system too"_s.arg(needed.size()),
                            libraries)};
}

} // namespace cloudnode::bench
