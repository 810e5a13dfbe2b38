#pragma once

#include <QDateTime>
#include <QJsonObject>
#include <QString>

namespace cloudnode {

/// Something the node did, and why, in its own words.
struct NodeEvent {
    enum class Level { Info, Warning, Error };

    QDateTime at; ///< UTC
    QString kind; ///< "node", "heartbeat", "broker", "workload", "install" or "token"
    Level level = Level::Info;
    QString text;
    QString requestText; ///< of the workload it is about; empty if none

    bool operator==(const NodeEvent &other) const = default;

    static NodeEvent fromJson(const QJsonObject &json);
};

} // namespace cloudnode
