#include "ui/desktop/desktopplugin.h"

#include "ui/desktop/desktop.h"
#include "ui/look/icons.h"

#include <QApplication>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

int CloudnodeDesktop::run(int &argc, char **argv,
                          const std::function<std::unique_ptr<DesktopHost>()> &makeHost)
{
    QApplication app(argc, argv);
    QApplication::setApplicationName(u"cloudnode"_s);
    QApplication::setOrganizationName(u"cyberwave"_s);
    QApplication::setApplicationDisplayName(QString());
    QApplication::setDesktopFileName(u"cloudnode"_s);
    QApplication::setQuitOnLastWindowClosed(false);
    QApplication::setWindowIcon(icons::application());
    const std::unique_ptr<DesktopHost> host = makeHost();
    Desktop desktop(*host, QApplication::arguments().contains(u"--tray"_s));
    // Not quit(), which asks the windows first: ours prefer the tray.
    QObject::connect(
        &desktop, &Desktop::finished, &app, [] { QApplication::exit(0); }, Qt::QueuedConnection);
    desktop.start();
    return QApplication::exec();
}

} // namespace cloudnode
