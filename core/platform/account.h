#pragma once

#include <QString>

/// The person, or service, this process runs as.
namespace cloudnode::account {

/// The home folder that the system has on record, whatever the environment says.
QString homeFolder();
/// The number that QFileInfo::ownerId() gives for files this process makes.
uint userId();

} // namespace cloudnode::account
