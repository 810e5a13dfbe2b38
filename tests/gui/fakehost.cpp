#include "fakehost.h"

#include <QTimer>

namespace cloudnode {

Result<void> FakeHost::startNode(std::function<void(const Error &)> failed)
{
    ++starts;
    nodeFailed = std::move(failed);
    return startReply;
}

void FakeHost::stopNode(std::function<void()> done)
{
    hosts = false;
    done();
}

Result<void> FakeHost::saveSettings(const DesktopSettings &settings)
{
    if (saveReply)
        kept = settings;
    return saveReply;
}

Result<void> FakeHost::saveToken(const QString &newToken)
{
    if (saveReply)
        token = newToken;
    return saveReply;
}

void FakeHost::testConnection(const QString &newToken, const DesktopSettings &settings, QObject *context,
                              std::function<void(const ConnectionTest &)> done)
{
    testedToken = newToken;
    tested = settings;
    QTimer::singleShot(0, context, [this, done = std::move(done)] { done(test); });
}

} // namespace cloudnode
