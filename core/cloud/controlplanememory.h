#pragma once

#include "base/error.h"

#include <QString>
#include <QUrl>

namespace cloudnode {

/// Remembers, in one file, by which control plane each backend was last reached. It saves a question at the
/// next start and nothing else: a file that is missing or damaged is an empty memory.
class ControlPlaneMemory {
public:
    explicit ControlPlaneMemory(QString path) : m_path(std::move(path)) {}

    /// "rest" or "mqtt"; empty: not known.
    QString recall(const QUrl &apiUrl) const;
    /// Errors: the disk refuses.
    Result<void> note(const QUrl &apiUrl, const QString &plane) const;

private:
    QString m_path;
};

} // namespace cloudnode
