#include "workload/logtail.h"

#include <QFile>
#include <QStringDecoder>
#include <QStringEncoder>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

bool isContinuation(char c)
{
    return (static_cast<uchar>(c) & 0xC0) == 0x80;
}

/// How many bytes a character with this first byte has; 1 for a byte that cannot begin one.
qsizetype announcedLength(char first)
{
    const auto byte = static_cast<uchar>(first);
    if (byte >= 0xF0 && byte <= 0xF4)
        return 4;
    if (byte >= 0xE0 && byte <= 0xEF)
        return 3;
    return byte >= 0xC2 && byte <= 0xDF ? 2 : 1;
}

/// The length of `bytes` without the character at its end of which bytes are missing, if there is one.
qsizetype lengthOfWholeCharacters(const QByteArray &bytes)
{
    const qsizetype size = bytes.size();
    for (qsizetype back = 1; back <= std::min<qsizetype>(3, size); ++back) {
        const char byte = bytes.at(size - back);
        if (!isContinuation(byte))
            return announcedLength(byte) > back ? size - back : size;
    }
    return size;
}

/// Without the continuation bytes at its beginning, whose character began before it.
QByteArray fromFirstCharacter(const QByteArray &bytes)
{
    qsizetype skip = 0;
    while (skip < std::min<qsizetype>(3, bytes.size()) && isContinuation(bytes.at(skip)))
        ++skip;
    return bytes.sliced(skip);
}

QByteArray validUtf8(const QByteArray &bytes)
{
    if (QUtf8StringView(bytes).isValidUtf8())
        return bytes;
    // A byte order mark is text like any other: pieces must add up to the file.
    QStringDecoder decode(QStringDecoder::Utf8,
                          QStringDecoder::Flag::Stateless | QStringDecoder::Flag::ConvertInitialBom);
    const QString text = decode(bytes);
    return text.toUtf8();
}

/// Where a piece made of `bytes` should end: `atEnd` says that no byte of the file follows them.
qsizetype cutOf(const QByteArray &bytes, bool atEnd, bool final)
{
    if (atEnd && final)
        return bytes.size();
    const qsizetype lineEnd = bytes.lastIndexOf('\n') + 1;
    return lineEnd > 0 ? lineEnd : lengthOfWholeCharacters(bytes);
}

tl::unexpected<Error> cannotRead(const QFile &file)
{
    return fail(u"cannot read: "_s + file.errorString(), file.fileName());
}

/// `count` bytes from `offset`, or as many as there are.
Result<QByteArray> readBytes(QFile &file, qint64 offset, qint64 count)
{
    if (!file.seek(offset))
        return cannotRead(file);
    QByteArray bytes = file.read(count);
    if (file.error() != QFileDevice::NoError)
        return cannotRead(file);
    return bytes;
}

} // namespace

Result<LogTail::Piece> LogTail::read(qint64 offset, qint64 maxBytes, bool final,
                                     const Unfinished &unfinished) const
{
    QFile file(m_path);
    const bool exists = file.exists();
    if (exists && !file.open(QIODevice::ReadOnly | QIODevice::Unbuffered))
        return cannotRead(file);
    const qint64 size = exists ? file.size() : 0;
    if (size < offset)
        return fail(u"has %1 bytes, fewer than the %2 read before"_s.arg(size).arg(offset), m_path,
                    u"Something has truncated it; its output until now is lost."_s);
    if (size == offset)
        return Piece{{}, offset};
    const auto bytes = readBytes(file, offset, std::max<qint64>(maxBytes, 4));
    if (!bytes)
        return tl::make_unexpected(bytes.error());
    const bool atEnd = offset + bytes->size() >= size;
    qsizetype length = cutOf(*bytes, atEnd, final);
    if (unfinished && !(atEnd && final))
        length -= unfinished(QByteArrayView(*bytes).first(length));
    return Piece{validUtf8(bytes->first(length)), offset + length};
}

Result<LogTail::Tail> LogTail::last(const QString &path, qint64 maxBytes)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly | QIODevice::Unbuffered))
        return file.exists() ? Result<Tail>(cannotRead(file)) : Tail{};
    const qint64 size = file.size();
    if (size == 0)
        return Tail{};
    const qint64 offset = std::max<qint64>(0, size - maxBytes);
    const auto bytes = readBytes(file, offset, maxBytes);
    if (!bytes)
        return tl::make_unexpected(bytes.error());
    QByteArray text = validUtf8(offset > 0 ? fromFirstCharacter(*bytes) : *bytes);
    // U+FFFD is longer than the byte it stands for.
    const bool tooLong = text.size() > maxBytes;
    if (tooLong)
        text = fromFirstCharacter(text.last(maxBytes));
    return Tail{text, offset > 0 || tooLong};
}

} // namespace cloudnode
