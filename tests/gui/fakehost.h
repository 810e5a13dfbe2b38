#pragma once

#include "control/desktop.h"

namespace cloudnode {

/// A program around the desktop that only remembers what it was asked.
class FakeHost final : public DesktopHost {
public:
    QStringList sockets;
    QString state;
    DesktopSettings kept;
    QString token;
    bool hosts = false;
    int starts = 0;
    std::function<void(const Error &)> nodeFailed; ///< of the latest start
    Result<void> startReply;
    Result<void> saveReply;
    ConnectionTest test;
    QString testedToken;
    DesktopSettings tested;

    QStringList socketPaths() const override { return sockets; }
    QString stateDir() const override { return state; }
    Result<void> startNode(std::function<void(const Error &)> failed) override;
    void stopNode(std::function<void()> done) override;
    bool hostsNode() const override { return hosts; }
    DesktopSettings settings() const override { return kept; }
    Result<void> saveSettings(const DesktopSettings &settings) override;
    bool hasToken() const override { return !token.isEmpty(); }
    Result<void> saveToken(const QString &newToken) override;
    void testConnection(const QString &newToken, const DesktopSettings &settings, QObject *context,
                        std::function<void(const ConnectionTest &)> done) override;
};

} // namespace cloudnode
