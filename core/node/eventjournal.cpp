#include "node/eventjournal.h"

#include "node/linefile.h"
#include "wire/response.h"

#include <QFile>
#include <QFileInfo>

#include <cstdio>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

QString toString(EventJournal::Level level)
{
    switch (level) {
    case EventJournal::Level::Info:
        return u"info"_s;
    case EventJournal::Level::Warning:
        return u"warning"_s;
    case EventJournal::Level::Error:
        return u"error"_s;
    }
    Q_UNREACHABLE();
}

} // namespace

EventJournal::EventJournal(QString path, qint64 fileBytes, QObject *parent)
    : QObject(parent),
      m_path(std::move(path)),
      m_fileBytes(fileBytes)
{
    m_recent = linefile::readLast(m_path + u".1"_s, m_fileBytes, remembered);
    for (const QJsonValue &event : linefile::readLast(m_path, m_fileBytes, remembered))
        m_recent.append(event);
    while (m_recent.size() > remembered)
        m_recent.removeFirst();
}

void EventJournal::add(const QString &kind, Level level, const QString &text, const QJsonValue &requestId)
{
    const QJsonObject event{{u"at"_s, isoTime(QDateTime::currentDateTimeUtc())},
                            {u"kind"_s, kind},
                            {u"level"_s, toString(level)},
                            {u"text"_s, text.left(longestText)},
                            {u"request_id"_s, requestId}};
    m_recent.append(event);
    if (m_recent.size() > remembered)
        m_recent.removeFirst();
    const auto written = write(event);
    if (!written && !m_failing)
        emit warning(written.error());
    m_failing = !written;
    emit added(event);
}

Result<void> EventJournal::write(const QJsonObject &event)
{
    if (QFileInfo(m_path).size() >= m_fileBytes)
        std::rename(QFile::encodeName(m_path).constData(), QFile::encodeName(m_path + u".1"_s).constData());
    return linefile::append(m_path, event);
}

} // namespace cloudnode
