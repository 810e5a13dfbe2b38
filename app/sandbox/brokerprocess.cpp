#include "sandbox/brokerprocess.h"

#include "platform/atomicfile.h"
#include "platform/childprocess.h"

#include <QFile>
#include <QHostAddress>
#include <QRegularExpression>
#include <QStandardPaths>
#include <QTcpServer>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::sandbox {

namespace {

constexpr qsizetype outputKept = 4096; // bytes, the last ones

quint16 freePort()
{
    QTcpServer server;
    server.listen(QHostAddress::LocalHost);
    return server.serverPort();
}

QString mosquittoProgram()
{
    QString inPath = QStandardPaths::findExecutable(u"mosquitto"_s);
    if (!inPath.isEmpty())
        return inPath;
    return QStandardPaths::findExecutable(u"mosquitto"_s, {u"/usr/sbin"_s, u"/usr/local/sbin"_s});
}

} // namespace

BrokerProcess::BrokerProcess(BrokerSettings settings, QObject *parent)
    : QObject(parent),
      m_settings(std::move(settings))
{
    if (m_settings.port == 0)
        m_settings.port = freePort();
    if (m_settings.tls.inUse())
        m_plainPort = freePort();
    m_process.setProcessChannelMode(QProcess::MergedChannels);
    childprocess::dieWithUs(m_process);
    connect(&m_process, &QProcess::readyRead, this, &BrokerProcess::readOutput);
    connect(&m_process, &QProcess::finished, this, [this] {
        readOutput();
        if (!m_ready)
            emit failed({u"mosquitto ended at once: "_s + QString::fromLocal8Bit(m_output).trimmed(),
                         u"port %1"_s.arg(port()),
                         {}});
        m_ready = false;
    });
}

BrokerProcess::~BrokerProcess()
{
    m_process.disconnect(this);
    stop();
}

void BrokerProcess::start()
{
    const QString program = mosquittoProgram();
    const Result<QString> configuration = writeConfiguration();
    if (program.isEmpty() || !configuration) {
        const Error reason =
            program.isEmpty()
                ? Error{u"mosquitto is not installed"_s, {}, u"Install the package mosquitto."_s}
                : configuration.error();
        QMetaObject::invokeMethod(
            this, [this, reason] { emit failed(reason); }, Qt::QueuedConnection);
        return;
    }
    m_ready = false;
    m_output.clear();
    m_process.start(program, {u"-c"_s, *configuration});
}

void BrokerProcess::kill()
{
    m_ready = true; // a wanted end is no failure
    m_process.kill();
    m_process.waitForFinished();
}

void BrokerProcess::stop()
{
    if (m_process.state() == QProcess::NotRunning)
        return;
    m_ready = true;
    m_process.terminate();
    if (!m_process.waitForFinished(3000))
        kill();
}

/// Its own word is the only sure sign: whoever accepts connections on the port may be someone else.
void BrokerProcess::readOutput()
{
    m_output = (m_output + m_process.readAll()).right(outputKept);
    static const QRegularExpression running(u"mosquitto version \\S+ running"_s);
    if (m_ready || !running.match(QString::fromLocal8Bit(m_output)).hasMatch())
        return;
    m_ready = true;
    emit ready();
}

QStringList BrokerProcess::tlsLines() const
{
    const TlsFiles &tls = m_settings.tls;
    if (!tls.inUse())
        return {};
    QStringList lines{u"certfile "_s + tls.certificate, u"keyfile "_s + tls.key};
    if (!tls.clientCa.isEmpty())
        lines << u"cafile "_s + tls.clientCa << u"require_certificate true"_s;
    return lines << u"listener %1 127.0.0.1"_s.arg(m_plainPort);
}

Result<QString> BrokerProcess::writeConfiguration()
{
    QStringList lines = {u"listener %1 127.0.0.1"_s.arg(port()),
                         u"persistence true"_s,
                         u"persistence_location %1/"_s.arg(m_folder.path()),
                         u"autosave_interval 1"_s,
                         u"log_type error"_s,
                         u"log_type warning"_s,
                         u"log_type information"_s, // says when it runs
                         u"connection_messages false"_s,
                         u"user root"_s, // started as root it would otherwise lose its own folder
                         u"set_tcp_nodelay true"_s};
    const bool ownAccess = m_settings.extraLines.filter(u"allow_anonymous"_s).isEmpty();
    if (ownAccess)
        lines << u"allow_anonymous true"_s;
    lines << m_settings.extraLines << tlsLines();
    QString path = m_folder.filePath(u"mosquitto.conf"_s);
    return atomicfile::write(path, lines.join(u'\n').toUtf8() + '\n').map([&] { return path; });
}

} // namespace cloudnode::sandbox
