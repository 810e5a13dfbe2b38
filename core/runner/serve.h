#pragma once

namespace cloudnode {

/// Obeys the orders that come through standard input, a socket (see record/launchorder.h), until nobody can
/// send one any more. Each becomes a supervisor of its own, as `start` would leave behind, but without the
/// start of a program. One that has nothing left to do takes further orders through its report, until that
/// ends. Whatever needs patience is left to `start`: the report then ends without a word.
/// Returns the exit status.
int serve();

} // namespace cloudnode
