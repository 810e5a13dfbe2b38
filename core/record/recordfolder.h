#pragma once

#include "platform/descriptor.h"

#include <tl/expected.hpp>

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

namespace cloudnode {

/// One workload's directory, as both the runner and the node use it: its lock and its records.
/// Who holds the lock may start the workload or write down its end; the supervisor holds it for its life.
class RecordFolder {
public:
    /// A value, or the reason in words.
    template <typename T>
    using Outcome = tl::expected<T, std::string>;

    static Outcome<RecordFolder> open(const std::string &path);
    /// One that is open already. `path` is what messages call it.
    RecordFolder(std::string path, Descriptor folder);

    /// Takes the lock unless another process has it; never waits. It is kept by every fork of this process
    /// and given back when the last of them has ended or exec'ed. A record of the end that writeEnd() has
    /// brought to the disk is there then, even if a power cut has taken its name. Errors: the system's
    /// reason.
    Outcome<bool> tryLock();

    bool has(const char *name) const;
    /// The record of that name, at most 64 KiB; none if it cannot be read. Never waits, even for a pipe.
    std::optional<std::string> read(const char *name) const;
    /// Writes the record of the end durably, mode 0600: once, into a file that is on the disk already, which
    /// gets the record's name then. Without that name, who takes the lock next knows it by its content. To be
    /// called with the lock held. Errors: the system's reason.
    Outcome<void> writeEnd(std::string_view text) const;
    /// For a record whose mere presence says what a power cut must not take back: writes the content, which
    /// can still be changed then, and brings the name to the disk. The content follows when the returned file
    /// is synced, and may be damaged until then.
    Outcome<Descriptor> stage(const char *name, std::string_view text) const;
    Outcome<void> publish(const char *name) const; ///< allocates nothing unless it fails
    /// Sets space aside for records where that has not been done yet, and brings the folder's names to the
    /// disk, so that writing one has to bring no more there than what it writes, and succeeds on a disk which
    /// has filled up meanwhile.
    Outcome<void> reserve(std::initializer_list<const char *> names) const;

    const std::string &path() const { return m_path; }

private:
    std::string problem(const char *what, const char *name, int errorNumber) const;
    Outcome<void> rename(const char *name) const;
    void nameEnd() const;

    std::string m_path;
    Descriptor m_folder;
    Descriptor m_lock;
};

/// Writes all of it. False with errno set if the system refuses.
bool writeAll(int fd, std::string_view data);

} // namespace cloudnode
