#pragma once

#include "cloud/controlplane.h"
#include "node/installscript.h"

#include <QObject>

#include <memory>

namespace cloudnode {

class Chronicle;
class LogShipper;
class Registration;

/// The owner's install script as part of a node's start: its output is shipped while it runs, how it went is
/// in the chronicle, and if it fails, the backend is told before anything else is done.
class Installation : public QObject {
    Q_OBJECT

public:
    struct Means {
        ControlPlane &cloud;
        Registration &registration; ///< creates the instance whose failure is told, if there is none
        LogShipper &shipper;
        Chronicle &chronicle;
    };

    explicit Installation(const Means &means, QObject *parent = nullptr);

    /// One of succeeded() and failed() follows, unless it is stopped. Once only.
    void start(const InstallScriptSettings &settings);
    void stop(); ///< the script too, if it still runs
    /// From start() until the script has succeeded, or for good if it has not.
    bool isUnderWay() const { return m_script != nullptr; }

signals:
    void succeeded();
    void failed(); ///< and the backend has been told, if it could be reached

private:
    void fail(const Error &reason);

    Means m_means;
    std::unique_ptr<InstallScript> m_script;
};

} // namespace cloudnode
