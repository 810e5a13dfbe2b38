#include "bench/measure/measurements.h"
#include "bench/waiting.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QProcess>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace cloudnode::bench {

Rows measureWindow(const Scale &scale)
{
    const QString program = QStringLiteral(CLOUDNODE_BIN_DIR "/cloudnode-bench-window");
    if (!QFile::exists(program))
        return QList<Row>();
    QProcess process;
    process.start(program, scale.isShort ? QStringList{u"--short"_s} : QStringList());
    if (!runUntil([&] { return process.state() == QProcess::NotRunning; }, 5min))
        process.kill();
    process.waitForFinished();
    if (process.exitStatus() != QProcess::NormalExit || process.exitCode() != 0)
        return fail(QString::fromLocal8Bit(process.readAllStandardError()), program);
    QList<Row> rows;
    const QJsonArray array = QJsonDocument::fromJson(process.readAllStandardOutput()).array();
    for (const QJsonValue &row : array)
        rows << Row::fromJson(row.toObject());
    return rows;
}

} // namespace cloudnode::bench
