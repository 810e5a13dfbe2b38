#include "wire/inputimage.h"

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

QString extensionOf(const QByteArray &bytes)
{
    if (bytes.startsWith("\x89PNG"))
        return u"png"_s;
    if (bytes.startsWith("GIF"))
        return u"gif"_s;
    if (bytes.startsWith("RIFF") && bytes.mid(8, 4) == "WEBP")
        return u"webp"_s;
    return u"jpg"_s;
}

} // namespace

std::optional<InputImage> InputImage::fromBase64(const QString &text)
{
    const QByteArray encoded = text.mid(text.indexOf(u',') + 1).toLatin1().simplified().replace(' ', "");
    const auto decoded = QByteArray::fromBase64Encoding(encoded, QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded || decoded.decoded.isEmpty())
        return std::nullopt;
    return InputImage{decoded.decoded, extensionOf(decoded.decoded)};
}

} // namespace cloudnode
