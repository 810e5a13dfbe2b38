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
    process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
    process.start(program, scale.isShort ? QStringList{u"--short"_s} : QStringList());
    if (!runUntil([&] { return process.state() == QProcess::NotRunning; }, 5min))
        process.kill();
    process.waitForFinished();
    QList<Row> rows; // those it could make; of the others it has complained itself
    const QJsonArray array = QJsonDocument::fromJson(process.readAllStandardOutput()).array();
    for (const QJsonValue &row : array)
        rows << Row::fromJson(row.toObject());
    if (rows.isEmpty())
        return fail(u"nothing could be measured"_s, program);
    return rows;
}

} // namespace cloudnode::bench
