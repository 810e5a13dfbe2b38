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
const QString fileName = u"cloudnode.desktop"_s;

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

/// What a file says; none if there is none.
std::optional<bool> isOnAccordingTo(const QString &path)
{
    const Result<QByteArray> text = atomicfile::read(path, most);
    if (!text)
        return std::nullopt;
    return !text->contains("\nHidden=true") && !text->contains("\nX-GNOME-Autostart-enabled=false");
}

} // namespace

Autostart::Autostart(QString folder, QString program, QStringList everybodys)
    : m_folder(std::move(folder)),
      m_program(std::move(program)),
      m_everybodys(std::move(everybodys))
{
}

Autostart Autostart::ofThisProgram()
{
    QStringList folders = QStandardPaths::standardLocations(QStandardPaths::GenericConfigLocation);
    for (QString &folder : folders)
        folder += u"/autostart"_s;
    const QString own = folders.takeFirst();
    return Autostart(own, QCoreApplication::applicationFilePath(), folders);
}

QString Autostart::path() const
{
    return QDir(m_folder).filePath(fileName);
}

bool Autostart::isOn() const
{
    return isOnAccordingTo(path()).value_or(isOnForEverybody());
}

bool Autostart::isOnForEverybody() const
{
    for (const QString &folder : m_everybodys) {
        if (const auto on = isOnAccordingTo(QDir(folder).filePath(fileName)))
            return *on;
    }
    return false;
}

QByteArray Autostart::entry(bool on) const
{
    return u"[Desktop Entry]\nType=Application\nName=Cloud Node\nComment=Runs Cyberwave workloads on this "
           "computer\nExec=%1 --tray\nIcon=cloudnode\nTerminal=false\n%2\n"_s
               .arg(quoted(m_program), on ? u"X-GNOME-Autostart-enabled=true"_s : u"Hidden=true"_s)
               .toUtf8();
}

Result<void> Autostart::set(bool on) const
{
    if (on == isOn())
        return {};
    if (on || isOnForEverybody()) // which only a file of the owner's can overrule
        return atomicfile::makePrivateFolder(m_folder).and_then(
            [&] { return atomicfile::write(path(), entry(on), atomicfile::Durability::ProcessDeath); });
    QFile file(path());
    if (!file.remove())
        return fail(u"cannot remove the autostart file: "_s + file.errorString(), path());
    return {};
}

} // namespace cloudnode
