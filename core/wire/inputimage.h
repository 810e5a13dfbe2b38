#pragma once

#include <QByteArray>
#include <QString>

#include <optional>

namespace cloudnode {

/// A picture that came inside a command.
struct InputImage {
    QByteArray bytes;
    QString extension; ///< by its first bytes: "jpg", "png", "gif" or "webp"; "jpg" for anything else

    /// `text` is base64, perhaps behind a data URL's "data:image/png;base64,". None: it is empty, or no
    /// base64. Source: WIRE contract, "image_bytes_base64".
    static std::optional<InputImage> fromBase64(const QString &text);
};

} // namespace cloudnode
