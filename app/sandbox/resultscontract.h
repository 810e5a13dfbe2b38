#pragma once

#include "base/error.h"

#include <QJsonObject>

/// What a node may say about its workloads' result files, in both generations. Pure.
namespace cloudnode::sandbox {

/// {"filename"}: relative, its parts separated by '/', and never out of the results' folder.
Result<void> checkSignedUrlRequest(const QJsonObject &body, const QString &where);

/// {"filenames", "signed_urls", "attachment_uuids"}: parallel arrays; nobody and nothing comes twice.
Result<void> checkUploadResults(const QJsonObject &body, const QString &where);

} // namespace cloudnode::sandbox
