#pragma once

#include "base/error.h"

#include <QString>
#include <QTemporaryDir>

namespace cloudnode::faults {

/// A small disk with ext4 on it, as that comes: with a journal. It is kept in a file, and its power can be
/// cut: what has been written and not been brought to it is lost then. Only root can have one, and not
/// everywhere.
class ImageDisk {
public:
    ImageDisk();
    ~ImageDisk(); ///< unmounts it, whoever still uses it
    Q_DISABLE_COPY_MOVE(ImageDisk)

    /// False if this machine cannot have one.
    bool mountAt(const QString &folder);
    /// The power goes: what is on the disk now is what comeBack() brings. To be called when nobody writes any
    /// more. Errors: what the system's tools say.
    Result<void> cutPower();
    /// It is mounted again. To be called when nobody has a file of it open any more. Errors: as above.
    Result<void> comeBack();

private:
    Result<void> mount(const QString &folder);
    QByteArray writesSoFar() const;

    QTemporaryDir m_files;
    QString m_image;
    QString m_asFound; ///< a copy of the image
    QString m_folder;  ///< where it is mounted; empty: nowhere
    QString m_device;
};

} // namespace cloudnode::faults
