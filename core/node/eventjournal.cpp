#include "node/eventjournal.h"

#include "base/isotime.h"
#include "node/linefile.h"
#include "wire/response.h"

#include <QFile>
#include <QFileInfo>

#include <cstdio>
#include <limits>
#include <utility>

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
    for (const auto &event : linefile::readLast(m_path, m_fileBytes, remembered))
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
    m_lines.add(m_path, JsonText(event));
    emit added(event);
}

void EventJournal::rotate()
{
    if (QFileInfo(m_path).size() >= m_fileBytes)
        std::rename(QFile::encodeName(m_path).constData(), QFile::encodeName(m_path + u".1"_s).constData());
}

} // namespace cloudnode
