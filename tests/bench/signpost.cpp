#include "bench/signpost.h"

#include <QFile>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::bench {

namespace {

/// Open for writing too: else it would be at its end whenever no shell holds it.
int makePipe(const QString &path)
{
    const QByteArray name = QFile::encodeName(path);
    ::mkfifo(name.constData(), 0600);
    const int pipe = ::open(name.constData(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
    if (pipe < 0)
        qFatal("cannot make a named pipe");
    return pipe;
}

} // namespace

Signpost::Signpost()
    : m_pipe(makePipe(m_folder.filePath(u"signpost"_s))),
      m_news(std::make_unique<QSocketNotifier>(m_pipe, QSocketNotifier::Read))
{
    QObject::connect(m_news.get(), &QSocketNotifier::activated, m_news.get(), [this] { take(); });
}

Signpost::~Signpost()
{
    m_news.reset();
    ::close(m_pipe);
}

QString Signpost::command() const
{
    return u"echo > "_s + m_folder.filePath(u"signpost"_s);
}

std::optional<Clock::time_point> Signpost::waitUntilPassed()
{
    runUntil([this] { return m_passed.has_value(); });
    return std::exchange(m_passed, std::nullopt);
}

void Signpost::take()
{
    if (!m_passed)
        m_passed = Clock::now();
    char bytes[64];
    while (::read(m_pipe, bytes, sizeof bytes) > 0) {
    }
}

} // namespace cloudnode::bench
