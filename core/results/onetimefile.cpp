#include "results/onetimefile.h"

#include <algorithm>

namespace cloudnode {

OneTimeFile::OneTimeFile(std::unique_ptr<QFile> file, qint64 size, QObject *parent)
    : QIODevice(parent),
      m_file(std::move(file)),
      m_size(size)
{
    open(QIODevice::ReadOnly | QIODevice::Unbuffered);
}

qint64 OneTimeFile::readData(char *target, qint64 maxSize)
{
    const qint64 wanted = std::min(maxSize, m_size - m_taken);
    if (wanted <= 0)
        return -1;
    const qint64 count = m_file->read(target, wanted);
    m_ranShort = count <= 0;
    if (m_ranShort)
        return -1;
    m_taken += count;
    return count;
}

} // namespace cloudnode
