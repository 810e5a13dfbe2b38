#pragma once

#include <QByteArray>

namespace cloudnode {

/// How deep arrays and objects lie inside each other. Looked at before a text is parsed, by a loop, so that
/// no sender decides how much stack its reader needs. `json` need not be valid.
int jsonDepth(const QByteArray &json);

} // namespace cloudnode
