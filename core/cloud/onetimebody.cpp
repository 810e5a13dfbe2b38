#include "cloud/onetimebody.h"

#include <algorithm>

namespace cloudnode {

OneTimeBody::OneTimeBody(QByteArray data, QObject *parent) : QIODevice(parent), m_data(std::move(data))
{
    open(QIODevice::ReadOnly | QIODevice::Unbuffered);
}

qint64 OneTimeBody::readData(char *target, qint64 maxSize)
{
    const qint64 count = std::min(maxSize, m_data.size() - m_taken);
    if (count <= 0)
        return -1;
    std::copy_n(m_data.constData() + m_taken, count, target);
    m_taken += count;
    return count;
}

} // namespace cloudnode
