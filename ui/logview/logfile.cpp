#include "ui/logview/logfile.h"

#include <algorithm>

namespace cloudnode {

qint64 LogFile::refreshSize()
{
    if (!m_file.isOpen() && (!m_file.exists() || !m_file.open(QIODevice::ReadOnly | QIODevice::Unbuffered)))
        return m_size;
    const qint64 size = m_file.size();
    if (size < m_size) {
        m_blocks.clear(); // it was cut and written anew
        m_order.clear();
    }
    return m_size = size;
}

const QByteArray &LogFile::block(qint64 number)
{
    const qint64 expected = std::min(blockBytes, m_size - number * blockBytes);
    m_order.removeOne(number);
    m_order.append(number);
    if (m_order.size() > cachedBlocks)
        m_blocks.remove(m_order.takeFirst());
    QByteArray &bytes = m_blocks[number];
    if (bytes.size() < expected && m_file.seek(number * blockBytes + bytes.size())) {
        const QByteArray more = m_file.read(expected - bytes.size());
        m_bytesRead += more.size();
        bytes += more;
    }
    return bytes;
}

QByteArray LogFile::read(qint64 offset, qint64 length)
{
    QByteArray result;
    const qint64 end = std::min(offset + length, m_size);
    while (offset < end) {
        const QByteArray &bytes = block(offset / blockBytes);
        const qint64 inBlock = offset % blockBytes;
        const qint64 piece = std::min(end - offset, bytes.size() - inBlock);
        if (piece <= 0)
            break;
        result += bytes.mid(inBlock, piece);
        offset += piece;
    }
    return result;
}

} // namespace cloudnode
