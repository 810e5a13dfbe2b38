#pragma once

#include <QString>

#include <optional>

/// What the system tells a program about itself.
namespace cloudnode::thisprogram {

/// The file it was started from, absolute. Needs no application object.
QString path();
/// Somebody reads its standard output on a terminal.
bool writesToTerminal();

/// How many files and connections it may have open at once.
struct OpenFilesLimit {
    std::optional<quint64> most; ///< none: as many as it wants
};
/// None if the system does not tell.
std::optional<OpenFilesLimit> openFilesLimit();

} // namespace cloudnode::thisprogram
