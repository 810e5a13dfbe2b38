#pragma once

#include "painter.h"

#include <QJsonObject>

namespace cloudnode {

/// The node's snapshot for people, several lines without a line break at the end.
QString statusText(const QJsonObject &snapshot, const Painter &painter);

/// The tone of a node's state, or of a workload's status.
Tone toneOf(const QString &state);

} // namespace cloudnode
