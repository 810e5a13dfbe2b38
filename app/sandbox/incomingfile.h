#pragma once

#include "base/error.h"

#include <QCryptographicHash>
#include <QSaveFile>

#include <memory>

namespace cloudnode::sandbox {

/// A file as it comes in, piece by piece: counted and hashed, and kept only if there is a path for it.
class IncomingFile {
public:
    /// With an empty path nothing is kept. Errors: it cannot be written there.
    static Result<std::unique_ptr<IncomingFile>> open(const QString &path);

    /// Errors: it cannot be written; the rest may come all the same.
    Result<void> append(const QByteArray &piece);
    /// All of it is there: it appears under its path. Errors: as append(), also of a piece before.
    Result<void> finish();

    qint64 bytes() const { return m_bytes; }
    QString sha256() const; ///< hexadecimal, of what has come so far

private:
    explicit IncomingFile(const QString &path);
    Result<void> failure() const;

    qint64 m_bytes = 0;
    QCryptographicHash m_hash{QCryptographicHash::Sha256};
    std::unique_ptr<QSaveFile> m_file; // none: nothing is kept
};

} // namespace cloudnode::sandbox
