#include "ui/desktop/desktopplugin.h"

#include "ui/desktop/desktop.h"
#include "ui/look/icons.h"

#include <QApplication>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

int CloudnodeDesktop::run(int &argc, char **argv, const std::function<DesktopHost *()> &makeHost)
{
    QApplication app(argc, argv);
    QApplication::setApplicationName(u"cloudnode"_s);
    QApplication::setOrganizationName(u"cyberwave"_s);
    QApplication::setApplicationDisplayName(QString());
    QApplication::setDesktopFileName(u"cloudnode"_s);
    QApplication::setQuitOnLastWindowClosed(false);
    QApplication::setWindowIcon(icons::application());
    DesktopHost *host = makeHost();
    if (!host)
        return 1;
    Desktop desktop(*host, QApplication::arguments().contains(u"--tray"_s));
    QObject::connect(&desktop, &Desktop::finished, &app, &QApplication::quit, Qt::QueuedConnection);
    desktop.start();
    return QApplication::exec();
}

} // namespace cloudnode
