#include "bundle/toolrun.h"

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace cloudnode {

ToolRun::ToolRun()
{
    m_limit.setSingleShot(true);
    m_limit.setInterval(60s);
    m_process.setStandardInputFile(QProcess::nullDevice());
    connect(&m_limit, &QTimer::timeout, this,
            [this] { conclude(fail(u"takes too long"_s, m_process.program())); });
    connect(&m_process, &QProcess::readyReadStandardOutput, this, &ToolRun::read);
    connect(&m_process, &QProcess::errorOccurred, this, [this] {
        if (m_process.error() == QProcess::FailedToStart) // otherwise finished() follows
            conclude(fail(m_process.errorString(), m_process.program()));
    });
    connect(&m_process, &QProcess::finished, this, [this](int exitCode, QProcess::ExitStatus status) {
        read();
        const QString words = QString::fromUtf8(m_process.readAllStandardError()).trimmed();
        if (status != QProcess::NormalExit || exitCode != 0)
            conclude(fail(words.isEmpty() ? u"fails"_s : words, m_process.program()));
        else
            conclude(m_output);
    });
}

ToolRun::~ToolRun()
{
    m_process.disconnect(this);
    m_process.kill();
}

void ToolRun::start(const QString &program, const QStringList &arguments)
{
    m_limit.start();
    m_process.start(program, arguments);
}

void ToolRun::read()
{
    m_output += m_process.readAllStandardOutput();
    if (m_output.size() <= maxOutputBytes)
        return;
    m_output = m_output.last(maxOutputBytes);
    m_output.remove(0, m_output.indexOf('\n') + 1);
}

void ToolRun::conclude(const Result<QByteArray> &output)
{
    if (m_concluded)
        return;
    m_concluded = true;
    m_limit.stop();
    emit finished(output);
}

} // namespace cloudnode
