#pragma once

#include "ui/feed/nodesnapshot.h"

#include <QCoreApplication>
#include <QString>

#include <array>
#include <optional>

namespace cloudnode {

/// What one look at the tray tells.
enum class Face { Starting, Ready, Busy, Paused, Offline, Failed };

inline constexpr std::array allFaces = {Face::Starting, Face::Ready,   Face::Busy,
                                        Face::Paused,   Face::Offline, Face::Failed};

/// The face of a node that answers, or, without a snapshot, of one that does not.
Face faceOf(const std::optional<NodeSnapshot> &snapshot);
/// The name used for icons: "ready".
QString faceName(Face face);

/// The words that go with a face.
class FaceWords {
    Q_DECLARE_TR_FUNCTIONS(cloudnode::FaceWords)

public:
    static QString title(Face face); ///< "Ready"
    /// What it means right now, a clause: "2 workloads are running".
    static QString detail(const std::optional<NodeSnapshot> &snapshot);
    static QString running(qsizetype workloads); ///< "2 workloads are running"

private:
    static QString stateDetail(const NodeSnapshot &snapshot);
    static QString readyDetail(const NodeSnapshot &snapshot);
};

} // namespace cloudnode
