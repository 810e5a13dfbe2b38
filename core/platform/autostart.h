#pragma once

#include "base/error.h"

#include <QString>

namespace cloudnode {

/// Whether this program starts when its owner logs in: one file, which desktops and owners may change too, so
/// it is looked at each time.
/// Source: Desktop Application Autostart Specification.
class Autostart {
public:
    /// `folder`: of the autostart files. `program`: absolute path of what is to be started.
    Autostart(QString folder, QString program);
    /// $XDG_CONFIG_HOME/autostart, and this program.
    static Autostart ofThisProgram();

    bool isOn() const;
    /// Errors: the file cannot be written or removed.
    Result<void> set(bool on) const;
    QString path() const;

private:
    QByteArray entry() const;

    QString m_folder;
    QString m_program;
};

} // namespace cloudnode
