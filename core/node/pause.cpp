#include "node/pause.h"

#include "base/isotime.h"
#include "platform/atomicfile.h"

#include <QDateTime>
#include <QFile>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

Pause::Pause(QString path, QObject *parent)
    : QObject(parent),
      m_path(std::move(path)),
      m_active(QFile::exists(m_path))
{
}

Result<void> Pause::begin()
{
    if (m_active)
        return {};
    const QByteArray since = isoTime(QDateTime::currentDateTimeUtc()).toUtf8();
    return atomicfile::write(m_path, since + '\n').map([this] { become(true); });
}

Result<void> Pause::end()
{
    QFile file(m_path);
    if (m_active && file.exists() && !file.remove())
        return fail(u"cannot remove: "_s + file.errorString(), m_path, u"Remove it by hand."_s);
    become(false);
    return {};
}

void Pause::become(bool active)
{
    if (m_active == active)
        return;
    m_active = active;
    emit changed(active);
}

} // namespace cloudnode
