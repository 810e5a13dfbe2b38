#include "ui/logview/logcopier.h"

#include "ui/logview/ansitext.h"

#include <QClipboard>
#include <QGuiApplication>

namespace cloudnode {

LogCopier::LogCopier(LogFeed &feed) : m_feed(feed)
{
    connect(&m_feed, &LogFeed::extracted, this, &LogCopier::takeExtract);
}

void LogCopier::copy(const LogSelection &selection)
{
    if (selection.isEmpty())
        return;
    m_selection = selection;
    m_feed.extract(selection.first().line, selection.last().line + 1);
}

void LogCopier::takeExtract(const QList<LogLine> &lines, bool whole)
{
    QStringList texts;
    for (const LogLine &line : lines) {
        const QString text = AnsiText::parse(line.text).text;
        const auto [from, to] = m_selection.columnsOf(line.begin, static_cast<int>(text.size()));
        texts.append(text.mid(from, to - from));
    }
    QGuiApplication::clipboard()->setText(texts.join(u'\n'));
    emit copied(texts.size(), whole);
}

} // namespace cloudnode
