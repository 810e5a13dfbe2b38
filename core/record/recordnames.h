#pragma once

/// The words of a workload's directory: its files, and the keys in those that node and runner share.
/// Each record is one JSON object on one line.
namespace cloudnode::recordnames {

inline constexpr int formatVersion = 1; ///< of every record; a reader refuses what it does not know

// Files. The runner writes started.json and exit.json; the node writes the others, and exit.json only with
// the lock in its hand and no runner left.
inline constexpr char specFile[] = "spec.json";
inline constexpr char startedFile[] = "started.json";
inline constexpr char exitFile[] = "exit.json";
inline constexpr char progressFile[] = "progress.json";
inline constexpr char shippedFile[] = "shipped.json";
inline constexpr char uploadsFile[] = "uploads.jsonl"; ///< one record a line
inline constexpr char lockFile[] = "lock";
inline constexpr char inputsFolder[] = "inputs";
inline constexpr char resultsFolder[] = "results"; ///< what the workload leaves there is uploaded

inline constexpr char version[] = "version";

// started.json. Start ticks are field 22 of /proc/PID/stat, the boot id is the kernel's random/boot_id: with
// the pid they name a process for good.
inline constexpr char pid[] = "pid"; ///< of the workload; also its process group and session
inline constexpr char startTicks[] = "start_ticks";
inline constexpr char supervisorPid[] = "supervisor_pid";
inline constexpr char supervisorStartTicks[] = "supervisor_start_ticks";
inline constexpr char bootId[] = "boot_id";
inline constexpr char startedAt[] = "started_at"; ///< times are UTC, ISO 8601 with milliseconds

// exit.json
inline constexpr char recordedBy[] = "recorded_by"; ///< "runner" or "node"
inline constexpr char outcome[] = "outcome";
inline constexpr char exited[] = "exited";
inline constexpr char signaled[] = "signaled";
inline constexpr char notStarted[] = "not_started";
inline constexpr char unknown[] = "unknown";
inline constexpr char exitCode[] = "exit_code"; ///< null unless exited
inline constexpr char signal[] = "signal";      ///< null unless signaled
inline constexpr char timedOut[] = "timed_out";
inline constexpr char memoryKills[] = "memory_kills"; ///< processes ended for its memory limit
inline constexpr char reason[] = "reason";
inline constexpr char endedAt[] = "ended_at"; ///< when the workload's main process ended; null when unknown
inline constexpr char duration[] = "duration_seconds"; ///< by the clock since boot, which nobody sets
inline constexpr char peakMemoryKiB[] = "peak_memory_kib";
inline constexpr char cpuSeconds[] = "cpu_seconds";
inline constexpr char survivors[] = "survivors"; ///< descendants that not even SIGKILL has ended in time

// What the runner prints when it could not even write a record.
inline constexpr char error[] = "error";

} // namespace cloudnode::recordnames
