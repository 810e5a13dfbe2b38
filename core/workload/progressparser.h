#pragma once

#include "wire/nodestatus.h"

#include <QByteArray>

#include <optional>

/// Finds out from what a workload prints how far it is. Pure.
namespace cloudnode::progressparser {

/// The latest statement in `tail`, the end of an output, possibly cut in the middle of a line. A line
/// `CYBERWAVE_PROGRESS 0.42 some text` beats a bar as tqdm draws it (`epoch 3:  58%|#####    | 58/100
/// [...]`), wherever they stand. A fraction that is no number from 0 to 1 counts for nothing.
std::optional<NodeStatus::Progress> lastIn(const QByteArray &tail);

/// What the two outputs of one workload say together: a CYBERWAVE_PROGRESS line of either beats a bar.
std::optional<NodeStatus::Progress> lastIn(const QByteArray &stdoutTail, const QByteArray &stderrTail);

} // namespace cloudnode::progressparser
