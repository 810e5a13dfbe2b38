#include "bundle/bundlefolder.h"

#include "platform/atomicfile.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

BundleFolder::BundleFolder(QString name, SecretMask mask) : m_name(std::move(name)), m_mask(std::move(mask))
{
}

Result<void> BundleFolder::make()
{
    if (!m_parent.isValid())
        return fail(u"cannot make a folder for the bundle: "_s + m_parent.errorString(), QDir::tempPath());
    return atomicfile::makePrivateFolder(m_parent.filePath(m_name));
}

Result<void> BundleFolder::add(const QString &name, const QByteArray &content)
{
    const QString path = m_parent.filePath(m_name + u'/' + name);
    auto written = atomicfile::makePrivateFolder(QFileInfo(path).path()).and_then([&] {
        return atomicfile::write(path, m_mask.mask(content), atomicfile::Durability::ProcessDeath);
    });
    m_files += written ? 1 : 0;
    return written;
}

Result<void> BundleFolder::addTail(const QString &name, const QString &path, qint64 maxBytes)
{
    QFile file(path);
    if (!file.exists())
        return {};
    if (!file.open(QIODevice::ReadOnly))
        return add(name + u".missing"_s, file.errorString().toUtf8());
    const qint64 begin = std::max<qint64>(0, file.size() - maxBytes);
    file.seek(begin);
    QByteArray tail = file.read(maxBytes);
    // What begins in the middle of a line may begin in the middle of a secret, which no mask would know.
    if (begin > 0)
        tail.remove(0, tail.contains('\n') ? tail.indexOf('\n') + 1 : tail.size());
    return add(name, tail);
}

} // namespace cloudnode
