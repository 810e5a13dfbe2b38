#include "bench/floor/disk.h"

#include "bench/waiting.h"
#include "platform/descriptor.h"

#include <QFile>

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <atomic>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::bench::disk {

namespace {

constexpr std::array<char, 300> content = {}; // as long as a workload's record

} // namespace

double writeDurably(const QString &folder)
{
    static std::atomic<int> written = 0;
    const QByteArray path = QFile::encodeName(folder + u"/floor-%1"_s.arg(++written));
    const auto begin = Clock::now();
    {
        const Descriptor file(::open(path.constData(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
        const Descriptor parent(
            ::open(QFile::encodeName(folder).constData(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
        if (::write(file.get(), content.data(), content.size()) < 0 || ::fsync(file.get()) != 0 ||
            ::fsync(parent.get()) != 0)
            qFatal("cannot write into the node's state directory");
    }
    return millisecondsBetween(begin, Clock::now());
}

} // namespace cloudnode::bench::disk
