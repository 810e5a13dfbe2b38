#pragma once

#include <QTemporaryDir>

namespace cloudnode::bench {

/// Where a node keeps its state: on the disk of this machine, whose speed is part of whatever must be
/// durable, or where that costs nothing, so that what the programs themselves cost is seen.
enum class State { OnDisk, InMemory };

/// A folder for a node's files, which slows nobody that comes after it, and is slowed by nobody before: ext4
/// without a journal looks at each file that was deleted beside a new one within the last minutes before it
/// makes that, and a bench deletes thousands.
class Place {
public:
    explicit Place(State state);

    QString path() const { return m_folder.path(); }

private:
    QTemporaryDir m_folder;
};

} // namespace cloudnode::bench
