#include "integration/runnerjob.h"

#include "support/processes.h"

#include <QJsonDocument>
#include <QProcess>

#include <csignal>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::test {

QJsonObject object(const QByteArray &json)
{
    return QJsonDocument::fromJson(json).object();
}

RunnerJob::~RunnerJob()
{
    if (isAlive(supervisor()))
        ::kill(supervisor(), SIGUSR1);
}

qint64 RunnerJob::pid() const
{
    return started()[u"pid"_s].toInteger();
}

pid_t RunnerJob::supervisor() const
{
    return static_cast<pid_t>(started()[u"supervisor_pid"_s].toInteger());
}

QStringList RunnerJob::arguments(const QString &command) const
{
    return QStringList{u"start"_s,    u"--dir"_s,     m_folder.path(), u"--stdout"_s,   path(u"out"_s),
                       u"--stderr"_s, path(u"err"_s), u"--cwd"_s,      workingDirectory} +
           options +
           (program.isEmpty() ? QStringList{u"--"_s, u"bash"_s, u"-c"_s, command}
                              : QStringList{u"--"_s, program});
}

int RunnerJob::start(const QString &command)
{
    QProcess process;
    process.start(runner(), arguments(command));
    process.closeWriteChannel();
    if (!process.waitForFinished(patience) || process.exitStatus() != QProcess::NormalExit)
        return -1;
    printed = object(process.readAllStandardOutput());
    return process.exitCode();
}

QString RunnerJob::runner()
{
    return QStringLiteral(CLOUDNODE_BIN_DIR "/cloudnode-runner");
}

} // namespace cloudnode::test
