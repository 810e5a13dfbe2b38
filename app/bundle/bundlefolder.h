#pragma once

#include "base/error.h"
#include "base/secretmask.h"

#include <QStringList>
#include <QTemporaryDir>

namespace cloudnode {

/// A support bundle in the making: a folder that is gone with this object. What is added is masked first,
/// there is no way around it.
class BundleFolder {
public:
    BundleFolder(QString name, SecretMask mask);

    /// Errors: the folder could not be made.
    Result<void> make();

    /// `name` is relative and may have folders in it. Errors: it cannot be written.
    Result<void> add(const QString &name, const QByteArray &content);
    /// The last whole lines of a file, at most `maxBytes`; a file that cannot be read is noted as missing,
    /// with the reason. Errors: as add().
    Result<void> addTail(const QString &name, const QString &path, qint64 maxBytes);

    QString parent() const { return m_parent.path(); } ///< the folder `name` is in
    const QString &name() const { return m_name; }
    int files() const { return m_files; }

private:
    QString m_name;
    SecretMask m_mask;
    QTemporaryDir m_parent;
    int m_files = 0;
};

} // namespace cloudnode
