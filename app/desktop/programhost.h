#pragma once

#include "control/desktop.h"
#include "desktop/desktopsettingsfile.h"
#include "desktop/hostednode.h"
#include "nodeoptions.h"
#include "platform/stopsignals.h"

namespace cloudnode {

/// This program as the desktop sees it: where its node is, how to start one here, what the owner chose.
class ProgramHost final : public DesktopHost {
public:
    /// Needs the application. SIGTERM and SIGINT end the node in order, and then the program.
    explicit ProgramHost(NodeOptions options);

    QStringList socketPaths() const override;
    QString stateDir() const override { return m_stateDir; }
    Result<void> startNode(std::function<void(const Error &)> failed) override;
    void stopNode(std::function<void()> done) override { m_node.stop(std::move(done)); }
    bool hostsNode() const override { return m_node.isRunning(); }
    DesktopSettings settings() const override { return m_settings; }
    Result<void> saveSettings(const DesktopSettings &settings) override;
    bool hasToken() const override;
    /// Errors also if another token, from the environment say, would be used instead.
    Result<void> saveToken(const QString &token) override;
    void testConnection(const QString &token, const DesktopSettings &settings, QObject *context,
                        std::function<void(const ConnectionTest &)> done) override;

private:
    NodeOptions m_options;
    QString m_stateDir;
    DesktopSettingsFile m_file; // needs m_stateDir
    DesktopSettings m_settings; // needs m_file
    StopSignals m_stopSignals;
    HostedNode m_node;
};

} // namespace cloudnode
