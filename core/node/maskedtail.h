#pragma once

#include "base/secretmask.h"
#include "workload/logtail.h"

namespace cloudnode {

/// The last `maxBytes` of a log, cut at a character, with secrets blacked out; none of it shows in part
/// because the cut goes through it. Empty if the file cannot be read.
LogTail::Tail maskedTail(const QString &path, qint64 maxBytes, const SecretMask &mask);

} // namespace cloudnode
