#pragma once

#include "support/privatemounts.h"

#include <QByteArray>
#include <QDir>
#include <QFile>

#include <sys/mount.h>
#include <sys/statvfs.h>

namespace cloudnode::test {

/// A folder that is made to be a small disk of its own, or read-only, for as long as this object lives. Only
/// root can do that, and not everywhere: see isMounted().
class MountedFolder {
public:
    /// An empty disk of so many KiB.
    static MountedFolder small(const QString &path, int kibibytes)
    {
        MountedFolder folder(path);
        const QByteArray options = "mode=0700,size=" + QByteArray::number(kibibytes) + "k";
        folder.m_mounted = keepMountsPrivate() &&
                           ::mount("tmpfs", folder.m_path.constData(), "tmpfs", 0, options.constData()) == 0;
        return folder;
    }
    /// What is in it can be read only. Fails if something in it is open for writing.
    static MountedFolder readOnly(const QString &path)
    {
        MountedFolder folder(path);
        folder.m_mounted =
            keepMountsPrivate() &&
            ::mount(folder.m_path.constData(), folder.m_path.constData(), nullptr, MS_BIND, nullptr) == 0;
        if (folder.m_mounted && ::mount(nullptr, folder.m_path.constData(), nullptr,
                                        MS_BIND | MS_REMOUNT | MS_RDONLY, nullptr) != 0)
            folder.unmount();
        return folder;
    }
    MountedFolder(MountedFolder &&other) noexcept
        : m_path(std::move(other.m_path)),
          m_mounted(std::exchange(other.m_mounted, false))
    {
    }
    MountedFolder &operator=(MountedFolder &&) = delete;
    Q_DISABLE_COPY(MountedFolder)
    ~MountedFolder() { unmount(); }

    bool isMounted() const { return m_mounted; }
    void unmount()
    {
        if (std::exchange(m_mounted, false))
            ::umount2(m_path.constData(), MNT_DETACH);
    }

    /// Leaves so many KiB free.
    bool fill(int kibibytes = 0) const
    {
        QFile filler(fillerPath());
        if (!filler.open(QIODevice::WriteOnly | QIODevice::Unbuffered))
            return false;
        while (filler.write(QByteArray(4096, 'x')) == 4096) {
        }
        struct statvfs info = {};
        return ::statvfs(m_path.constData(), &info) == 0 && info.f_bavail == 0 &&
               filler.resize(filler.size() - kibibytes * 1024);
    }
    bool makeRoom() const { return QFile::remove(fillerPath()); }

private:
    explicit MountedFolder(const QString &path) : m_path(QFile::encodeName(path)) { QDir().mkpath(path); }
    QString fillerPath() const { return QFile::decodeName(m_path) + QStringLiteral("/filler"); }

    QByteArray m_path;
    bool m_mounted = false;
};

} // namespace cloudnode::test
