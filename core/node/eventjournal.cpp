#include "node/eventjournal.h"

#include "base/jsontext.h"
#include "node/linefile.h"

#include <QFile>
#include <QFileInfo>

#include <algorithm>
#include <cstdio>
#include <limits>
#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

const char *toString(EventJournal::Level level)
{
    switch (level) {
    case EventJournal::Level::Info:
        return "info";
    case EventJournal::Level::Warning:
        return "warning";
    case EventJournal::Level::Error:
        return "error";
    }
    Q_UNREACHABLE();
}

} // namespace

EventJournal::EventJournal(QString path, qint64 fileBytes, QObject *parent)
    : QObject(parent),
      m_path(std::move(path)),
      m_fileBytes(fileBytes),
      m_lines(std::numeric_limits<qint64>::max())
{
    connect(&m_lines, &LineWriter::written, this, [this] {
        m_failing = false;
        rotate();
    });
    connect(&m_lines, &LineWriter::failed, this, [this](const QString & /*path*/, const Error &reason) {
        if (!std::exchange(m_failing, true))
            emit warning(reason);
    });
    m_recent = linefile::readLast(m_path + u".1"_s, m_fileBytes, remembered);
    m_recent << linefile::readLast(m_path, m_fileBytes, remembered);
    m_recent = m_recent.last(std::min<qsizetype>(remembered, m_recent.size()));
}

void EventJournal::add(const QString &kind, Level level, const QString &text, const QJsonValue &requestId)
{
    const QByteArray event = JsonText()
                                 .add("at", QDateTime::currentDateTimeUtc())
                                 .add("kind", kind)
                                 .add("level", toString(level))
                                 .add("text", text.left(longestText))
                                 .add("request_id", requestId)
                                 .object();
    m_recent.append(event);
    if (m_recent.size() > remembered)
        m_recent.removeFirst();
    m_lines.add(m_path, event);
    emit added(event);
}

QByteArrayList EventJournal::recent()
{
    if (!std::exchange(m_checked, true)) // not at the start, which should be quick
        linefile::keepObjects(m_recent);
    return m_recent;
}

void EventJournal::rotate()
{
    if (QFileInfo(m_path).size() >= m_fileBytes)
        std::rename(QFile::encodeName(m_path).constData(), QFile::encodeName(m_path + u".1"_s).constData());
}

} // namespace cloudnode
