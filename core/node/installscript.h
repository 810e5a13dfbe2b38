#pragma once

#include "base/error.h"
#include "base/secretmask.h"

#include <QFile>
#include <QObject>
#include <QProcess>

namespace cloudnode {

/// What the install script needs to run.
struct InstallScriptSettings {
    QString script; ///< shell text
    QString workingDirectory;
    QProcessEnvironment environment;
    QString stdoutPath; ///< truncated at the start; the output of each run only
    QString stderrPath;
    SecretMask mask; ///< applied to what failed() says
};

/// Runs the owner's install script once and says how it went. Its output goes to two log files as it comes.
class InstallScript : public QObject {
    Q_OBJECT

public:
    explicit InstallScript(InstallScriptSettings settings, QObject *parent = nullptr);
    ~InstallScript() override; ///< ends a script that still runs, with all it has started

    /// One of succeeded() and failed() follows.
    void start();

signals:
    void succeeded();
    void failed(const cloudnode::Error &reason); ///< holds the last lines of its output

private:
    void finish(int exitCode, QProcess::ExitStatus status);
    QString lastLines() const;

    InstallScriptSettings m_settings;
    QProcess m_process;
};

} // namespace cloudnode
