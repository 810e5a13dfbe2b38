#pragma once

#include <QByteArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QList>
#include <QPair>

#include <chrono>

namespace cloudnode::sandbox {

/// What goes back over the wire, and how well it gets there.
struct HttpReply {
    enum class Delivery { Whole, Half, Never };

    int status = 200;
    QByteArray body;
    QByteArray contentType = "application/json";
    QList<QPair<QByteArray, QByteArray>> moreHeaders;
    Delivery delivery = Delivery::Whole;
    std::chrono::milliseconds delay{0};

    /// The bytes of an HTTP/1.1 response.
    QByteArray toWire() const;

    static HttpReply json(int status, const QJsonDocument &document);
    static HttpReply message(int status, const QString &text); ///< {"message": text}
};

} // namespace cloudnode::sandbox
