#pragma once

namespace cloudnode {

class CommandLine;

/// `cloudnode support-bundle`: packs all that a bug report needs into one archive, secrets masked. Works
/// without a running node, and with a configuration that cannot be read.
void addSupportBundleCommand(CommandLine &line);

} // namespace cloudnode
