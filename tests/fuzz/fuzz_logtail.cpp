// Log files: whatever a workload prints and however it grows, the pieces are valid UTF-8, go forward, end,
// and add up to the file.
#include "fuzz/check.h"
#include "workload/logtail.h"
#include "workload/progressparser.h"

#include <QStringDecoder>

#include <sys/mman.h>
#include <unistd.h>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;

namespace {

bool isUtf8(const QByteArray &text)
{
    QStringDecoder decode(QStringDecoder::Utf8, QStringDecoder::Flag::Stateless);
    const QString decoded = decode(text);
    return !decode.hasError();
}

/// A file without a disk, which grows.
class File {
public:
    File() : m_fd(::memfd_create("log", MFD_CLOEXEC)) { CHECK(m_fd >= 0); }
    ~File() { ::close(m_fd); }
    Q_DISABLE_COPY_MOVE(File)
    QString path() const { return u"/proc/self/fd/%1"_s.arg(m_fd); }
    void append(const QByteArray &bytes)
    {
        CHECK(::pwrite(m_fd, bytes.constData(), static_cast<size_t>(bytes.size()), m_size) == bytes.size());
        m_size += bytes.size();
    }
    qint64 size() const { return m_size; }

private:
    int m_fd;
    qint64 m_size = 0;
};

/// Reads on from `offset` until nothing (whole) is left.
QByteArray drain(const File &file, qint64 &offset, qint64 batch, bool final)
{
    QByteArray text;
    while (true) {
        const auto piece = LogTail(file.path()).read(offset, batch, final);
        CHECK(piece && isUtf8(piece->text));
        CHECK(piece->endOffset >= offset && piece->endOffset - offset <= std::max<qint64>(batch, 4));
        CHECK(piece->text.isEmpty() == (piece->endOffset == offset));
        CHECK(piece->endOffset > offset || file.size() - offset < (final ? 1 : 4));
        if (piece->endOffset == offset)
            return text;
        text += piece->text;
        offset = piece->endOffset;
    }
}

void checkLast(const File &file, const QByteArray &whole, qint64 most)
{
    const auto tail = LogTail::last(file.path(), most);
    CHECK(tail && isUtf8(tail->text) && tail->text.size() <= most);
    if (isUtf8(whole))
        CHECK(whole.endsWith(tail->text) && tail->truncated == (tail->text != whole));
    (void)progressparser::lastIn(tail->text);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 3)
        return 0;
    const qint64 batch = data[0];
    const QByteArray whole(reinterpret_cast<const char *>(data) + 3, static_cast<qsizetype>(size) - 3);
    const qsizetype grown = whole.size() * data[1] / 256; // how much is there at first
    File file;
    file.append(whole.first(grown));
    qint64 offset = 0;
    QByteArray text = drain(file, offset, batch, false);
    file.append(whole.sliced(grown));
    text += drain(file, offset, batch, true);
    CHECK(offset == whole.size());
    if (isUtf8(whole))
        CHECK(text == whole);
    checkLast(file, whole, 1 + data[2]);
    return 0;
}
