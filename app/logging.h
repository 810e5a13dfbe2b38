#pragma once

#include "base/secretmask.h"

/// The program's log: Qt's messages, one a line, to standard error as
/// "2026-02-04T21:00:59.018Z warning cyberwave.yml:3: unknown key …".
namespace cloudnode::logging {

enum class Verbosity { Normal, Debug };

/// Takes over all of Qt's messages. Debug messages are shown with Verbosity::Debug only.
void install(Verbosity verbosity);

/// From now on `mask` is applied to every message. May be called from any thread.
void hide(const SecretMask &mask);

} // namespace cloudnode::logging
