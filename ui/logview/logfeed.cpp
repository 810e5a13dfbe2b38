#include "ui/logview/logfeed.h"

#include "ui/logview/logreader.h"

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

LogFeed::LogFeed(QObject *parent) : QObject(parent), m_reader(new LogReader)
{
    m_reader->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_reader, &QObject::deleteLater);
    connectReader();
    m_thread.setObjectName(u"log reader"_s);
    m_thread.start();
}

void LogFeed::connectReader()
{
    connect(m_reader, &LogReader::grown, this, &LogFeed::grown);
    connect(m_reader, &LogReader::replaced, this, &LogFeed::replaced);
    connect(m_reader, &LogReader::loaded, this, &LogFeed::takeWindow);
    connect(m_reader, &LogReader::found, this, [this](int serial, qint64 line) {
        if (serial == m_findSerial)
            emit found(line);
    });
    connect(m_reader, &LogReader::searching, this, [this](int serial, int percent) {
        if (serial == m_findSerial)
            emit searching(percent);
    });
    connect(m_reader, &LogReader::extracted, this,
            [this](int serial, const QList<LogLine> &lines, bool whole) {
                if (serial == m_extractSerial)
                    emit extracted(lines, whole);
            });
}

LogFeed::~LogFeed()
{
    m_thread.quit();
    m_thread.wait();
}

void LogFeed::open(const LogPaths &paths, LogStreams streams)
{
    ++m_document; // what was asked of the one before is void
    m_next.reset();
    ++m_findSerial;
    ++m_extractSerial;
    QMetaObject::invokeMethod(m_reader, [=, this] { m_reader->open(paths, streams); });
}

void LogFeed::watch(bool on)
{
    QMetaObject::invokeMethod(m_reader, [=, this] { m_reader->watch(on); });
}

void LogFeed::load(qint64 anchor, int before, int after, bool jump)
{
    const Request request{anchor, before, after, jump};
    if (m_current)
        m_next = request;
    else
        send(request);
}

void LogFeed::send(const Request &request)
{
    m_current = request;
    const int document = m_document;
    QMetaObject::invokeMethod(
        m_reader, [=, this] { m_reader->load(document, request.anchor, request.before, request.after); });
}

void LogFeed::takeWindow(LogWindow window)
{
    window.jump = m_current->jump;
    m_current.reset();
    if (m_next)
        send(*std::exchange(m_next, std::nullopt));
    if (window.serial == m_document)
        emit loaded(window);
}

void LogFeed::find(const QString &text, qint64 from, bool forward)
{
    const int serial = ++m_findSerial;
    QMetaObject::invokeMethod(m_reader, [=, this] { m_reader->find(serial, text, from, forward); });
}

void LogFeed::cancelFind()
{
    ++m_findSerial;
    QMetaObject::invokeMethod(m_reader, [this] { m_reader->cancelFind(); });
}

void LogFeed::extract(qint64 begin, qint64 end)
{
    const int serial = ++m_extractSerial;
    QMetaObject::invokeMethod(m_reader, [=, this] { m_reader->extract(serial, begin, end); });
}

} // namespace cloudnode
