#include "support/nodeprocess.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSaveFile>
#include <QTest>
#include <QUrl>

#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

/// Every process whose environment holds `marker`.
QList<pid_t> processesWith(const QByteArray &marker)
{
    QList<pid_t> found;
    for (const QString &name : QDir(u"/proc"_s).entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        bool isPid = false;
        const int pid = name.toInt(&isPid);
        QFile environ(u"/proc/%1/environ"_s.arg(name));
        if (isPid && environ.open(QIODevice::ReadOnly) && environ.readAll().contains(marker))
            found << pid;
    }
    return found;
}

} // namespace

NodeProcess::NodeProcess(const QUrl &apiUrl, quint16 brokerPort)
{
    environment.insert(u"PATH"_s, qEnvironmentVariable("PATH"));
    environment.insert(u"HOME"_s, m_state.filePath(u"home"_s));
    environment.insert(u"CYBERWAVE_API_TOKEN"_s, u"sandbox-token"_s);
    environment.insert(u"CYBERWAVE_API_URL"_s, apiUrl.toString());
    // Inherited by every workload, so that whatever one leaves behind can be found.
    environment.insert(u"CLOUDNODE_TEST"_s, m_state.path());
    for (const char *name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"}) {
        if (qEnvironmentVariableIsSet(name))
            environment.insert(QString::fromLatin1(name), qEnvironmentVariable(name));
    }
    arguments = {u"--mqtt-host"_s, u"127.0.0.1"_s, u"--mqtt-port"_s, QString::number(brokerPort)};
    m_process.setChildProcessModifier([this] {
        if (m_user != 0 && (::setgid(m_user) != 0 || ::setuid(m_user) != 0))
            ::_exit(127);
        ::prctl(PR_SET_PDEATHSIG, SIGKILL); // after a change of user, which takes it back
    });
    m_process.setProcessChannelMode(QProcess::ForwardedOutputChannel);
    configure({});
}

NodeProcess::~NodeProcess()
{
    kill();
    for (const pid_t pid : family())
        ::kill(pid, SIGKILL);
    if (QTest::currentTestFailed())
        qInfo().noquote() << "log of the node:\n" << m_log;
}

void NodeProcess::configure(const QStringList &lines)
{
    QByteArray text = "cyberwave-cloud-node:\n  profile_slug: default\n";
    for (const QString &line : lines)
        text += "  " + line.toUtf8() + '\n';
    addFile(u"cyberwave.yml"_s, text);
}

void NodeProcess::addFile(const QString &name, const QByteArray &content)
{
    QSaveFile file(projectFile(name)); // whole at once: workloads of the tests wait for such files
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size() || !file.commit())
        qFatal("cannot write a file of the test's project");
}

bool NodeProcess::runAs(uint user)
{
    m_user = user;
    const QStringList theirs = {m_project.path(), m_state.path(), projectFile(u"cyberwave.yml"_s)};
    return std::all_of(theirs.cbegin(), theirs.cend(), [user](const QString &path) {
        return ::chown(QFile::encodeName(path).constData(), user, user) == 0;
    });
}

void NodeProcess::start()
{
    m_log.clear();
    m_process.setProcessEnvironment(environment);
    m_process.setWorkingDirectory(m_project.path());
    QStringList words = wrapper;
    words << QStringLiteral(CLOUDNODE_BIN_DIR "/cloudnode") << u"--headless"_s << u"--config"_s
          << projectFile(u"cyberwave.yml"_s) << u"--state-dir"_s << m_state.path() << arguments;
    m_process.start(words.takeFirst(), words);
}

bool NodeProcess::waitUntilReady()
{
    return QTest::qWaitFor([this] { return log().contains(u" ready: "_s) || !isRunning(); }, 30'000) &&
           isRunning();
}

bool NodeProcess::startAndWait()
{
    start();
    return waitUntilReady();
}

void NodeProcess::kill()
{
    m_process.kill();
    m_process.waitForFinished();
    (void)log();
}

void NodeProcess::terminate()
{
    m_process.terminate();
}

bool NodeProcess::waitUntilEnded()
{
    return QTest::qWaitFor([this] { return !isRunning(); }, 30'000);
}

QList<pid_t> NodeProcess::family() const
{
    return processesWith("CLOUDNODE_TEST=" + QFile::encodeName(m_state.path()));
}

QString NodeProcess::log()
{
    if (m_process.isOpen())
        m_log += m_process.readAllStandardError();
    return QString::fromUtf8(m_log);
}

QString NodeProcess::identity(const QString &key) const
{
    QFile file(stateFile(u"instance_identity.json"_s));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return QJsonDocument::fromJson(file.readAll()).object().value(key).toString();
}

} // namespace cloudnode
