#include "desktop/programhost.h"

#include "announcement.h"
#include "config/configsources.h"
#include "config/credentials.h"
#include "config/statepaths.h"
#include "control/controlsocketpath.h"
#include "desktop/connectiontester.h"
#include "desktop/desktopconfig.h"

#include <QCoreApplication>
#include <QTimer>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

ProgramHost::ProgramHost(NodeOptions options)
    : m_options(std::move(options)),
      m_stateDir(ConfigFolders(m_options.request()).state),
      m_file(StatePaths(m_stateDir).desktopSettings()),
      m_settings(m_file.read())
{
    // Not quit(), which asks the windows first.
    QObject::connect(&m_stopSignals, &StopSignals::requested, &m_node,
                     [this] { m_node.stop([] { QCoreApplication::exit(0); }); });
}

QStringList ProgramHost::socketPaths() const
{
    return controlSocketPaths(m_stateDir).value_or(QStringList());
}

Result<void> ProgramHost::startNode(std::function<void(const Error &)> failed)
{
    // A window that cannot reach its own node would call it offline for ever.
    if (const auto paths = controlSocketPaths(m_stateDir); !paths)
        return tl::make_unexpected(paths.error());
    const auto loaded = loadDesktopConfig(m_options, m_settings);
    if (!loaded)
        return tl::make_unexpected(loaded.error());
    announce(*loaded);
    return m_node.start(loaded->config, std::move(failed));
}

Result<void> ProgramHost::saveSettings(const DesktopSettings &settings)
{
    return m_file.write(settings).map([&] { m_settings = settings; });
}

bool ProgramHost::hasToken() const
{
    // A configuration that cannot be read is told when the node is started: it is not the token that lacks.
    const auto loaded = loadDesktopConfig(m_options, m_settings);
    return !loaded || requireToken(loaded->config).has_value();
}

Result<void> ProgramHost::saveToken(const QString &token)
{
    const QString path = StatePaths(m_stateDir).credentials();
    if (auto stored = Credentials::storeToken(path, token); !stored)
        return stored;
    const auto loaded = loadDesktopConfig(m_options, m_settings);
    if (!loaded || loaded->config.apiToken == token)
        return {};
    return fail(
        u"the token was kept, but another one is used before it: %1"_s.arg(loaded->origin(u"api_token")),
        path, u"Remove that one, then start cloudnode again."_s);
}

void ProgramHost::testConnection(const QString &token, const DesktopSettings &settings, QObject *context,
                                 std::function<void(const ConnectionTest &)> done)
{
    const auto loaded = loadDesktopConfig(m_options, settings);
    if (!loaded) {
        const ConnectionTest untried{.backend = loaded.error(), .broker = loaded.error()};
        QTimer::singleShot(0, context, [done = std::move(done), untried] { done(untried); });
        return;
    }
    NodeConfig config = loaded->config;
    if (!token.isEmpty())
        config.apiToken = token;
    ConnectionTester::run(config, context, std::move(done));
}

} // namespace cloudnode
