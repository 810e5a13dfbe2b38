#pragma once

#include "ui/logview/ansitext.h"

/// The "select graphic rendition" sequence: numbers that change a style.
namespace cloudnode::sgr {

/// `parameters`: what stands between "ESC [" and "m". Unknown numbers are passed over.
void apply(AnsiStyle &style, QStringView parameters);

} // namespace cloudnode::sgr
