#pragma once

#include <QByteArray>
#include <QFile>
#include <QString>

namespace cloudnode::test {

/// Whether a process of that id lives (a zombie does not), by the kernel's word and no code of ours.
inline bool isAlive(qint64 pid)
{
    QFile stat(QStringLiteral("/proc/%1/stat").arg(pid));
    if (!stat.open(QIODevice::ReadOnly))
        return false;
    const QByteArray text = stat.readAll();
    const QByteArray state = text.mid(text.lastIndexOf(')') + 2, 1);
    return !state.isEmpty() && state != "Z" && state != "X";
}

} // namespace cloudnode::test
