#pragma once

/// What cloudnode returns to its caller, and what a service manager may decide by. Documented in the README.
/// Values from 64 on are those of sysexits.h where it has a fitting one.
namespace cloudnode::exitcode {

inline constexpr int ok = 0;
inline constexpr int cannotStart = 1;    ///< a wrong configuration, a state directory that cannot be used
inline constexpr int refused = 1;        ///< what was asked of a running node cannot be done
inline constexpr int unwell = 1;         ///< doctor: something is wrong
inline constexpr int usage = 2;          ///< the command line is wrong
inline constexpr int unavailable = 69;   ///< no node runs with this state directory; submit: nobody answered
inline constexpr int installFailed = 70; ///< the install script failed
inline constexpr int tokenRejected = 77; ///< the backend does not take the token
inline constexpr int noToken = 78;       ///< there is no token at all
inline constexpr int timedOut = 124;     ///< submit: no result within --timeout

} // namespace cloudnode::exitcode
