#pragma once

#include <QByteArray>
#include <QFile>
#include <QHash>
#include <QList>

namespace cloudnode {

/// Random access to a growing file through a small cache of blocks, however large the file is.
class LogFile {
public:
    static constexpr qint64 blockBytes = 64 * 1024;
    static constexpr qsizetype cachedBlocks = 16;

    explicit LogFile(const QString &path) : m_file(path) {}

    /// Looks how long it is now. A missing or unreadable file is an empty one.
    qint64 refreshSize();
    qint64 size() const { return m_size; }
    /// At most `length` bytes; less at the end of the file.
    QByteArray read(qint64 offset, qint64 length);
    /// Read from disk so far, for those who care how little that is.
    qint64 bytesRead() const { return m_bytesRead; }

private:
    const QByteArray &block(qint64 number);

    QFile m_file;
    qint64 m_size = 0;
    qint64 m_bytesRead = 0;
    QHash<qint64, QByteArray> m_blocks;
    QList<qint64> m_order; ///< of m_blocks: the one used longest ago comes first
};

} // namespace cloudnode
