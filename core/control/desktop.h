#pragma once

#include "base/error.h"

#include <QObject>
#include <QString>
#include <QStringList>
#include <QtPlugin>

#include <functional>
#include <memory>
#include <optional>

namespace cloudnode {

/// What the owner chose in the settings of the desktop. Empty texts and zero mean: as configured elsewhere.
struct DesktopSettings {
    QString projectFolder; ///< holds cyberwave.yml
    QString slugHint;
    QString profileSlug;
    int maxConcurrentWorkloads = 0;
    bool notifyFinished = true;
    bool notifyFailed = true;
    bool notifyOffline = true;
    bool notifyInstallFailed = true;
    bool notifyTokenRejected = true;
    bool startAtLogin = false;

    bool operator==(const DesktopSettings &other) const = default;
};

/// How a connection test went: an error for each of the two that did not work.
struct ConnectionTest {
    std::optional<Error> backend;
    std::optional<Error> broker;
};

/// What the desktop asks of the program it is loaded into. Implemented by app/; everything else about the
/// node goes through the control socket.
class DesktopHost {
public:
    virtual ~DesktopHost() = default;

    /// Where a node may be listening, best first.
    virtual QStringList socketPaths() const = 0;
    virtual QString stateDir() const = 0;
    /// Starts a node in this process. `failed` is called if it ends by itself, as when its install script
    /// fails. Errors: no token, a bad configuration, or one runs already.
    virtual Result<void> startNode(std::function<void(const Error &)> failed) = 0;
    /// Ends the node of this process in order; `done` is called then, at once if there is none. Workloads run
    /// on.
    virtual void stopNode(std::function<void()> done) = 0;
    virtual bool hostsNode() const = 0;

    virtual DesktopSettings settings() const = 0;
    /// Keeps them; a node of this process takes them over at its next start. Errors: the file cannot be
    /// written.
    virtual Result<void> saveSettings(const DesktopSettings &settings) = 0;
    virtual bool hasToken() const = 0;
    virtual Result<void> saveToken(const QString &token) = 0; ///< into credentials.json, 0600
    /// Tries backend and broker with these values (`token` empty: the one that is kept). One answer, later.
    virtual void testConnection(const QString &token, const DesktopSettings &settings, QObject *context,
                                std::function<void(const ConnectionTest &)> done) = 0;
};

/// The desktop, as a plugin: so that a server needs none of the libraries behind it.
class DesktopPlugin {
public:
    virtual ~DesktopPlugin() = default;
    /// Makes the QApplication, shows tray and window, and returns when the owner quits. `makeHost` is called
    /// once the application exists; the host goes before the application does.
    virtual int run(int &argc, char **argv,
                    const std::function<std::unique_ptr<DesktopHost>()> &makeHost) = 0;
};

} // namespace cloudnode

Q_DECLARE_INTERFACE(cloudnode::DesktopPlugin, "com.cyberwave.cloudnode.DesktopPlugin/1")
