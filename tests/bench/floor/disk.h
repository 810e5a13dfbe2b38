#pragma once

#include <QString>

namespace cloudnode::bench::disk {

/// Milliseconds that the least durable write takes in that folder: a small new file, its content and its
/// name. The file stays: to make the next one beside a deleted one may take longer.
double writeDurably(const QString &folder);

} // namespace cloudnode::bench::disk
