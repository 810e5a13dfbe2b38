#pragma once

#include <QString>

#include <mosquitto.h>

/// What libmosquitto reports, in words for people.
namespace cloudnode::qtmqtt::libraryerror {

/// What one of its functions returned; `errnoValue` as that left it.
QString inWords(int result, int errnoValue);

/// What it logs as an error of `client`. To be called while it does: it then still knows which certificate it
/// did not like.
QString logged(mosquitto *client, const char *text);

} // namespace cloudnode::qtmqtt::libraryerror
