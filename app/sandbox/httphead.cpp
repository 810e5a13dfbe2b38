#include "sandbox/httphead.h"

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::sandbox {

Result<HttpHead> HttpHead::parse(const QByteArray &text)
{
    QList<QByteArray> lines = text.split('\n');
    const QList<QByteArray> request = lines.takeFirst().trimmed().split(' ');
    if (request.size() != 3 || request[2] != "HTTP/1.1")
        return fail(u"it is no HTTP/1.1 request"_s);
    HttpHead head{.method = request[0], .target = QUrl::fromEncoded(request[1], QUrl::StrictMode)};
    if (!head.target.isValid())
        return fail(u"its target is no URL"_s);
    for (const QByteArray &line : lines) {
        if (line.trimmed().isEmpty())
            continue;
        const qsizetype colon = line.indexOf(':');
        if (colon <= 0)
            return fail(u"a line of its head is no header"_s);
        QByteArray &value = head.headers[line.left(colon).toLower()];
        value += (value.isEmpty() ? "" : ", ") + line.mid(colon + 1).trimmed();
    }
    return head;
}

std::optional<qint64> HttpHead::contentLength() const
{
    bool isNumber = false;
    const qint64 length = headers.value("content-length").toLongLong(&isNumber);
    return isNumber && length >= 0 ? std::optional(length) : std::nullopt;
}

} // namespace cloudnode::sandbox
