#pragma once

#include "cloud/controlplane.h"

#include <QJsonObject>

/// What both generations of the cloud say alike about result files.
/// Source: WIRE contract, "Endpoints" (attachment, upload results) and "Requests".
namespace cloudnode::uploadmessages {

/// Errors (Unavailable): it names no usable URL, or no attachment.
CloudResult<UploadTarget> readTarget(const QJsonObject &answer);

QJsonObject confirmation(const QList<UploadedFile> &files);

} // namespace cloudnode::uploadmessages
