#pragma once

namespace cloudnode::bench {

/// How long to look. The short form is for continuous integration: it finds out what has become three times
/// worse, not what has become a tenth worse.
struct Scale {
    bool isShort = false;

    int of(int full, int brief) const { return isShort ? brief : full; }
};

} // namespace cloudnode::bench
