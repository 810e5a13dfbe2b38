#pragma once

#include <QProcess>

/// What QProcess leaves to the system.
namespace cloudnode::childprocess {

/// To be called before it is started: it will lead a process group of its own, which its children are in too.
void leadGroup(QProcess &process);
/// Ends at once all that is in the group which that process leads.
void killGroup(qint64 leader);
/// To be called before it is started: the system will end it at once should this program die.
void dieWithUs(QProcess &process);

} // namespace cloudnode::childprocess
