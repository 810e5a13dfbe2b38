#include "platform/atomicfile.h"
#include "platform/autostart.h"

#include <QCoreApplication>
#include <QDir>
#include <QFile>
#include <QStandardPaths>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

constexpr qint64 most = 64 * 1024;

/// As the Exec key wants an argument.
/// Source: Desktop Entry Specification, "The Exec key".
QString quoted(QString argument)
{
    for (const QChar special : u"\\\"`$"_s)
        argument.replace(special, u"\\"_s + special);
    argument.replace(u'%', u"%%"_s);
    argument.replace(u'\\', u"\\\\"_s); // once more, as every value of the file is a string
    return u'"' + argument + u'"';
}

} // namespace

Autostart::Autostart(QString folder, QString program)
    : m_folder(std::move(folder)),
      m_program(std::move(program))
{
}

Autostart Autostart::ofThisProgram()
{
    const QString config = QStandardPaths::writableLocation(QStandardPaths::GenericConfigLocation);
    return Autostart(config + u"/autostart"_s, QCoreApplication::applicationFilePath());
}

QString Autostart::path() const
{
    return QDir(m_folder).filePath(u"cloudnode.desktop"_s);
}

bool Autostart::isOn() const
{
    const Result<QByteArray> text = atomicfile::read(path(), most);
    return text && !text->contains("\nHidden=true") && !text->contains("\nX-GNOME-Autostart-enabled=false");
}

QByteArray Autostart::entry() const
{
    return u"[Desktop Entry]\nType=Application\nName=Cloud Node\nComment=Runs Cyberwave workloads on this "
           "computer\nExec=%1 --tray\nIcon=cloudnode\nTerminal=false\nX-GNOME-Autostart-enabled=true\n"_s
               .arg(quoted(m_program))
               .toUtf8();
}

Result<void> Autostart::set(bool on) const
{
    if (on == isOn())
        return {};
    if (on)
        return atomicfile::makePrivateFolder(m_folder).and_then(
            [&] { return atomicfile::write(path(), entry(), atomicfile::Durability::ProcessDeath); });
    QFile file(path());
    if (!file.remove())
        return fail(u"cannot remove the autostart file: "_s + file.errorString(), path());
    return {};
}

} // namespace cloudnode
