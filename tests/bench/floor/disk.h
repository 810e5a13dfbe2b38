#pragma once

#include <QString>

namespace cloudnode::bench::disk {

/// Milliseconds that the least durable write takes in that folder: a small new file, its content and its
/// name.
double writeDurably(const QString &folder);

} // namespace cloudnode::bench::disk
