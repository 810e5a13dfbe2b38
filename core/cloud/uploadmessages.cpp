#include "cloud/uploadmessages.h"

#include <QFileInfo>
#include <QJsonArray>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::uploadmessages {

CloudResult<UploadTarget> readTarget(const QJsonObject &answer)
{
    const UploadTarget target{QUrl(answer.value("signed_url"_L1).toString(), QUrl::StrictMode),
                              QFileInfo(answer.value("filename"_L1).toString()).completeBaseName()};
    const bool usable = target.url.isValid() && !target.url.host().isEmpty() &&
                        (target.url.scheme() == "https"_L1 || target.url.scheme() == "http"_L1);
    if (usable && !target.attachmentUuid.isEmpty())
        return target;
    const QString missing = usable ? u"filename"_s : u"signed_url"_s;
    return tl::make_unexpected(CloudError{
        CloudError::Kind::Unavailable,
        200,
        {u"the backend's answer to a request for an upload has no usable \"%1\""_s.arg(missing), {}, {}},
        {}});
}

QJsonObject confirmation(const QList<UploadedFile> &files)
{
    QJsonArray names;
    QJsonArray urls;
    QJsonArray attachments;
    for (const UploadedFile &file : files) {
        names << file.filename;
        urls << file.target.url.toString(QUrl::FullyEncoded);
        attachments << file.target.attachmentUuid;
    }
    return {{u"filenames"_s, names}, {u"signed_urls"_s, urls}, {u"attachment_uuids"_s, attachments}};
}

} // namespace cloudnode::uploadmessages
