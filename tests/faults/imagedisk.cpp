#include "faults/imagedisk.h"

#include "support/privatemounts.h"

#include <QFile>
#include <QFileInfo>
#include <QProcess>
#include <QThread>

#include <sys/mount.h>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::faults {

namespace {

constexpr qint64 bytes = 64LL << 20;

/// A tool of the administrator, which may not be on the path. Returns what it prints. Errors: it too.
Result<QByteArray> run(const QString &program, const QStringList &arguments)
{
    QProcess tool;
    tool.setProcessChannelMode(QProcess::MergedChannels);
    tool.start(QFileInfo::exists(u"/usr/sbin/"_s + program) ? u"/usr/sbin/"_s + program : program, arguments);
    const bool ended = tool.waitForFinished(-1) && tool.exitStatus() == QProcess::NormalExit;
    const QByteArray said = tool.readAll();
    if (!ended || tool.exitCode() != 0)
        return fail(QString::fromLocal8Bit(said), program);
    return said;
}

} // namespace

ImageDisk::ImageDisk() : m_image(m_files.filePath(u"disk"_s)), m_asFound(m_files.filePath(u"as-found"_s)) {}

ImageDisk::~ImageDisk()
{
    if (!m_folder.isEmpty())
        ::umount2(QFile::encodeName(m_folder).constData(), MNT_DETACH);
}

bool ImageDisk::mountAt(const QString &folder)
{
    QFile image(m_image);
    return test::keepMountsPrivate() && image.open(QIODevice::WriteOnly) && image.resize(bytes) &&
           run(u"mkfs.ext4"_s, {u"-q"_s, u"-F"_s, m_image}) && mount(folder);
}

Result<void> ImageDisk::mount(const QString &folder)
{
    return run(u"mount"_s, {u"-o"_s, u"loop"_s, m_image, folder})
        .and_then([&](const QByteArray &) {
            m_folder = folder;
            QFile::setPermissions(folder, QFile::ReadOwner | QFile::WriteOwner | QFile::ExeOwner);
            return run(u"losetup"_s,
                       {u"--associated"_s, m_image, u"--noheadings"_s, u"--output"_s, u"NAME"_s});
        })
        .map([&](const QByteArray &device) {
            m_device = QFileInfo(QString::fromLocal8Bit(device.trimmed())).fileName();
        });
}

/// The system may be writing by itself: a copy during which it did is none of one moment.
Result<void> ImageDisk::cutPower()
{
    for (;;) {
        const QByteArray before = writesSoFar();
        if (auto copied = run(u"cp"_s, {u"--sparse=always"_s, m_image, m_asFound}); !copied)
            return tl::make_unexpected(copied.error());
        if (writesSoFar() == before)
            return {};
        QThread::msleep(100);
    }
}

Result<void> ImageDisk::comeBack()
{
    return run(u"umount"_s, {m_folder}).and_then([&](const QByteArray &) {
        const QString folder = std::exchange(m_folder, {});
        QFile::remove(m_image);
        QFile::rename(m_asFound, m_image);
        return mount(folder);
    });
}

/// And those under way. Source: the kernel's Documentation/block/stat.rst.
QByteArray ImageDisk::writesSoFar() const
{
    QFile stat(u"/sys/block/%1/stat"_s.arg(m_device));
    if (!stat.open(QIODevice::ReadOnly))
        qFatal("the disk has gone");
    const QList<QByteArray> numbers = stat.readAll().simplified().split(' ');
    return numbers.value(4) + ' ' + numbers.value(6) + ' ' + numbers.value(8);
}

} // namespace cloudnode::faults
