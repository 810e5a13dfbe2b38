#include "record/recordfolder.h"

#include "record/recordnames.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace cloudnode {

namespace {

constexpr off_t reservedBytes = 4096;
constexpr std::size_t largestRecord = 65536;

/// One name is enough: only the lock's holder writes.
class TemporaryName {
public:
    explicit TemporaryName(const char *name) { std::snprintf(m_text, sizeof m_text, "%s.new", name); }
    const char *text() const { return m_text; }

private:
    char m_text[64];
};

Descriptor openTemporary(int folder, const char *name)
{
    return Descriptor(
        ::openat(folder, TemporaryName(name).text(), O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
}

bool writeWhole(int fd, std::string_view text)
{
    return ::lseek(fd, 0, SEEK_SET) == 0 && writeAll(fd, text) &&
           ::ftruncate(fd, static_cast<off_t>(text.size())) == 0;
}

} // namespace

bool writeAll(int fd, std::string_view data)
{
    while (!data.empty()) {
        const ssize_t n = ::write(fd, data.data(), data.size());
        if (n < 0 && errno != EINTR)
            return false;
        if (n > 0)
            data.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
}

RecordFolder::RecordFolder(std::string path, Descriptor folder)
    : m_path(std::move(path)),
      m_folder(std::move(folder))
{
}

RecordFolder::Outcome<RecordFolder> RecordFolder::open(const std::string &path)
{
    Descriptor folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder.isOpen())
        return tl::make_unexpected("cannot open the folder " + path + ": " + std::strerror(errno));
    return RecordFolder(path, std::move(folder));
}

RecordFolder::Outcome<bool> RecordFolder::tryLock()
{
    const char *name = recordnames::lockFile;
    Descriptor lock(::openat(m_folder.get(), name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!lock.isOpen())
        return tl::make_unexpected(problem("open", name, errno));
    if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK)
            return false;
        return tl::make_unexpected(problem("lock", name, errno));
    }
    m_lock = std::move(lock);
    nameEnd();
    return true;
}

bool RecordFolder::has(const char *name) const
{
    return ::faccessat(m_folder.get(), name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

std::optional<std::string> RecordFolder::read(const char *name) const
{
    const Descriptor file(::openat(m_folder.get(), name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!file.isOpen())
        return std::nullopt;
    std::string text;
    char buffer[4096];
    ssize_t n = 0;
    while ((n = ::read(file.get(), buffer, sizeof buffer)) > 0 && text.size() <= largestRecord)
        text.append(buffer, static_cast<std::size_t>(n));
    return n == 0 ? std::optional(text) : std::nullopt;
}

RecordFolder::Outcome<void> RecordFolder::writeEnd(std::string_view text) const
{
    const char *name = recordnames::exitFile;
    return reserve({name})
        .and_then([&] { return stage(name, text); })
        .and_then([&](const Descriptor &file) -> Outcome<void> {
            if (::fsync(file.get()) != 0)
                return tl::make_unexpected(problem("write", name, errno));
            return rename(name);
        });
}

/// If its writer, or the power, went between the two steps of writeEnd().
void RecordFolder::nameEnd() const
{
    const char *name = recordnames::exitFile;
    if (has(name))
        return;
    const auto text = read(TemporaryName(name).text());
    if (!text || !text->starts_with('{') || !text->ends_with("}\n"))
        return; // space set aside, or half a record
    const Descriptor file(openTemporary(m_folder.get(), name));
    if (::fsync(file.get()) == 0)
        (void)rename(name);
}

RecordFolder::Outcome<Descriptor> RecordFolder::stage(const char *name, std::string_view text) const
{
    Descriptor file = openTemporary(m_folder.get(), name);
    if (!file.isOpen() || !writeWhole(file.get(), text))
        return tl::make_unexpected(problem("write", name, errno));
    return file;
}

RecordFolder::Outcome<void> RecordFolder::publish(const char *name) const
{
    return rename(name).and_then([&]() -> Outcome<void> {
        if (::fsync(m_folder.get()) == 0)
            return {};
        const int reason = errno;
        ::unlinkat(m_folder.get(), name, 0);
        return tl::make_unexpected(problem("write", name, reason));
    });
}

RecordFolder::Outcome<void> RecordFolder::rename(const char *name) const
{
    if (::renameat(m_folder.get(), TemporaryName(name).text(), m_folder.get(), name) != 0)
        return tl::make_unexpected(problem("write", name, errno));
    return {};
}

RecordFolder::Outcome<void> RecordFolder::reserve(std::initializer_list<const char *> names) const
{
    bool isNew = false;
    for (const char *name : names) {
        if (has(TemporaryName(name).text()))
            continue;
        const Descriptor file = openTemporary(m_folder.get(), name);
        const int refused = file.isOpen() ? ::posix_fallocate(file.get(), 0, reservedBytes) : errno;
        if (refused != 0)
            return tl::make_unexpected(problem("reserve space for", name, refused));
        isNew = true;
    }
    if (isNew && ::fsync(m_folder.get()) != 0)
        return tl::make_unexpected(problem("reserve space in", ".", errno));
    return {};
}

std::string RecordFolder::problem(const char *what, const char *name, int errorNumber) const
{
    return std::string("cannot ") + what + " " + m_path + "/" + name + ": " + std::strerror(errorNumber);
}

} // namespace cloudnode
