#pragma once

#include "base/error.h"

#include <QString>
#include <QStringList>

namespace cloudnode {

/// Whether this program starts when its owner logs in. The owner's file decides, and where there is none, one
/// that was installed for everybody. Desktops and owners may change them too, so they are looked at each
/// time. Source: Desktop Application Autostart Specification.
class Autostart {
public:
    /// `folder`: of the owner's autostart files; `everybodys`: of those for all, best first. `program`:
    /// absolute path of what is to be started.
    Autostart(QString folder, QString program, QStringList everybodys = {});
    /// Below $XDG_CONFIG_HOME and $XDG_CONFIG_DIRS, and this program.
    static Autostart ofThisProgram();

    bool isOn() const;
    /// Writes or removes the owner's file. Errors: the system refuses.
    Result<void> set(bool on) const;
    QString path() const;

private:
    QByteArray entry(bool on) const;
    bool isOnForEverybody() const;

    QString m_folder;
    QString m_program;
    QStringList m_everybodys;
};

} // namespace cloudnode
