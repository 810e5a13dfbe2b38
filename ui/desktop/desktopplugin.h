#pragma once

#include "control/desktop.h"

#include <QObject>

namespace cloudnode {

/// What the program loads.
class CloudnodeDesktop final : public QObject, public DesktopPlugin {
    Q_OBJECT
    Q_PLUGIN_METADATA(IID "com.cyberwave.cloudnode.DesktopPlugin/1")
    Q_INTERFACES(cloudnode::DesktopPlugin)

public:
    /// `--tray` among the arguments: no window at the start.
    int run(int &argc, char **argv, const std::function<std::unique_ptr<DesktopHost>()> &makeHost) override;
};

} // namespace cloudnode
