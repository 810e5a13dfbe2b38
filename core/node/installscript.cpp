#include "node/installscript.h"

#include "node/maskedtail.h"
#include "platform/childprocess.h"

#include <QStandardPaths>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

constexpr qint64 shownBytes = 2048;

bool emptyPrivateFile(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::WriteOnly | QIODevice::Truncate) &&
           file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
}

} // namespace

InstallScript::InstallScript(InstallScriptSettings settings, QObject *parent)
    : QObject(parent),
      m_settings(std::move(settings))
{
    m_process.setWorkingDirectory(m_settings.workingDirectory);
    m_process.setProcessEnvironment(m_settings.environment);
    m_process.setStandardInputFile(QProcess::nullDevice());
    m_process.setStandardOutputFile(m_settings.stdoutPath, QIODevice::Append);
    m_process.setStandardErrorFile(m_settings.stderrPath, QIODevice::Append);
    // So that its children can be ended with it.
    childprocess::leadGroup(m_process);
    connect(&m_process, &QProcess::finished, this, &InstallScript::finish);
    connect(&m_process, &QProcess::errorOccurred, this, [this](QProcess::ProcessError error) {
        if (error == QProcess::FailedToStart)
            emit failed({u"the install script cannot be started: "_s + m_process.errorString(),
                         m_settings.workingDirectory,
                         {}});
    });
}

InstallScript::~InstallScript()
{
    m_process.disconnect(this);
    // Not only when it is Running: a script may be at work before the event loop has heard of its start.
    if (m_process.processId() > 0)
        childprocess::killGroup(m_process.processId());
}

void InstallScript::start()
{
    for (const QString &path : {m_settings.stdoutPath, m_settings.stderrPath}) {
        if (!emptyPrivateFile(path)) {
            const Error reason{u"cannot write the log of the install script"_s, path, {}};
            QMetaObject::invokeMethod(
                this, [this, reason] { emit failed(reason); }, Qt::QueuedConnection);
            return;
        }
    }
    const bool hasBash = !QStandardPaths::findExecutable(u"bash"_s).isEmpty();
    m_process.start(hasBash ? u"bash"_s : u"sh"_s, {u"-c"_s, m_settings.script});
}

void InstallScript::finish(int exitCode, QProcess::ExitStatus status)
{
    if (status == QProcess::NormalExit && exitCode == 0) {
        emit succeeded();
        return;
    }
    const QString how =
        status == QProcess::NormalExit ? u"exit code %1"_s.arg(exitCode) : u"signal %1"_s.arg(exitCode);
    emit failed({u"the install script failed with %1%2"_s.arg(how, lastLines()), m_settings.stderrPath, {}});
}

QString InstallScript::lastLines() const
{
    QStringList parts;
    for (const QString &path : {m_settings.stdoutPath, m_settings.stderrPath}) {
        const QString text = QString::fromUtf8(maskedTail(path, shownBytes, m_settings.mask).text).trimmed();
        if (!text.isEmpty())
            parts << text;
    }
    return parts.isEmpty() ? QString() : u"; its last lines:\n"_s + parts.join(u'\n');
}

} // namespace cloudnode
