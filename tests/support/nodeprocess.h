#pragma once

#include <QProcess>
#include <QTemporaryDir>

namespace cloudnode {

/// The real cloudnode, headless, with a project folder and a state directory of its own. For tests.
/// It dies with this object; its workloads are killed then too, whatever they have forked.
class NodeProcess {
public:
    NodeProcess(const QUrl &apiUrl, quint16 brokerPort);
    ~NodeProcess();
    Q_DISABLE_COPY_MOVE(NodeProcess)

    QProcessEnvironment environment; ///< before start()
    QStringList arguments;           ///< after --headless
    QStringList wrapper;             ///< program and arguments that the node's command line is given to

    /// The lines of its cyberwave.yml, below the wrapper key.
    void configure(const QStringList &lines);
    /// Writes a file into the project folder.
    void addFile(const QString &name, const QByteArray &content);
    QString projectFile(const QString &name) const { return m_project.filePath(name); }
    QString stateFile(const QString &name) const { return m_state.filePath(name); }
    QString stateDir() const { return m_state.path(); }

    /// From the next start() on it, and its workloads, run as that user, who gets both folders. For root
    /// only.
    bool runAs(uint user);

    void start();
    /// Until it says that it is ready, for the `times`th time since this object was made.
    bool waitUntilReady();
    bool startAndWait();
    void kill();      ///< SIGKILL; waits
    void terminate(); ///< SIGTERM; does not wait
    /// Whether it has ended by itself within half a minute.
    bool waitUntilEnded();
    int exitCode() const { return m_process.exitCode(); }
    bool isRunning() const { return m_process.state() != QProcess::NotRunning; }
    qint64 pid() const { return m_process.processId(); }
    /// Every process that has its environment from this node, the node itself included.
    QList<pid_t> family() const;

    /// All it has written to stderr since the last start().
    QString log();
    QString slug() const { return identity(QStringLiteral("slug")); }
    QString uuid() const { return identity(QStringLiteral("uuid")); }

private:
    QString identity(const QString &key) const;

    QTemporaryDir m_project;
    QTemporaryDir m_state;
    QProcess m_process;
    QByteArray m_log;
    uint m_user = 0; ///< 0: the test's own
};

} // namespace cloudnode
