#pragma once

#include "base/error.h"

#include <QString>

namespace cloudnode::console {

/// `text` without anything a terminal would obey: control characters, line breaks excepted, become U+FFFD.
QString printable(QString text);

/// To standard output, as it is, with a line break behind it.
void print(const QString &text);
/// "error: cyberwave.yml:7: …" to standard error.
void printError(const Error &error);
/// "warning: …" to standard error.
void printWarning(const Error &warning);
/// "note: …" to standard error.
void printNote(const Error &note);

} // namespace cloudnode::console
