#include "logprinter.h"

#include <cstdio>

using namespace std::chrono_literals;

namespace cloudnode {

namespace {

constexpr qint64 pieceBytes = 256 * 1024;

bool writeOut(const QByteArray &text)
{
    const auto size = static_cast<size_t>(text.size());
    return std::fwrite(text.constData(), 1, size, stdout) == size && std::fflush(stdout) == 0;
}

} // namespace

LogPrinter::LogPrinter(const QString &path) : m_log(path)
{
    m_next.setSingleShot(true);
    connect(&m_next, &QTimer::timeout, this, &LogPrinter::print);
}

void LogPrinter::start()
{
    m_next.start(0ms);
}

void LogPrinter::print()
{
    const bool nothingFollows = m_final; // known before reading, so that the last bytes are read
    const auto piece = m_log.read(m_offset, pieceBytes, nothingFollows);
    if (!piece) {
        emit failed(piece.error());
        return;
    }
    const bool hasText = !piece->text.isEmpty();
    m_offset = piece->endOffset;
    if (hasText && !writeOut(piece->text)) {
        emit failed({QStringLiteral("cannot write to standard output"), {}, {}});
        return;
    }
    if (!hasText && nothingFollows)
        emit finished();
    else
        m_next.start(hasText ? 0ms : 100ms);
}

} // namespace cloudnode
