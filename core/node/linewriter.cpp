#include "node/linewriter.h"

#include "platform/fileoperations.h"

#include <utility>

namespace cloudnode {

LineWriter::LineWriter(qint64 fullAt, QObject *parent) : QObject(parent), m_fullAt(fullAt)
{
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &LineWriter::writeAll);
}

LineWriter::~LineWriter()
{
    disconnect();
    writeAll();
}

void LineWriter::add(const QString &path, const QByteArray &line)
{
    QByteArray &lines = m_pending[path];
    lines.append(line).append('\n');
    if (lines.size() >= largestPiece)
        writeAll();
    else if (!m_timer.isActive())
        m_timer.start(delay);
}

void LineWriter::writeAll()
{
    m_timer.stop();
    const QHash<QString, QByteArray> all = std::exchange(m_pending, {});
    for (auto [path, lines] : all.asKeyValueRange()) {
        // In one piece: a crash leaves whole lines, a full disk a broken one, which readers leave out.
        if (const auto added = fileoperations::append(path, lines, m_fullAt))
            emit written(path);
        else
            emit failed(path, added.error());
    }
}

} // namespace cloudnode
