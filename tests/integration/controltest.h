#pragma once

#include "control/controlserver.h"
#include "integration/fakecontrolport.h"

#include <QTemporaryDir>
#include <QTest>

#include <memory>

/// What the tests of ControlServer share.
namespace cloudnode::test {

/// A node that does nothing, and the control socket at which it is served, in a folder of its own.
struct ServedPort {
    /// Serves it; if it was served before, anew, with these settings and without those who were connected.
    void serve(const ControlServerSettings &settings = {})
    {
        server.reset();
        server = std::make_unique<ControlServer>(port, settings);
        QVERIFY(server->listen({folder.filePath(QStringLiteral("run/node.sock"))}));
    }
    QString path() const { return server->path(); } ///< of the socket

    QTemporaryDir folder;
    FakeControlPort port;
    std::unique_ptr<ControlServer> server; ///< needs port
};

} // namespace cloudnode::test
