#include "sandbox/attachments.h"

#include <QFileInfo>
#include <QUrlQuery>
#include <QUuid>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::sandbox {

namespace {

const QString root = u"/results/"_s;

QString newUuid()
{
    return QUuid::createUuid().toString(QUuid::WithoutBraces);
}

/// With the dot; empty if there is none. As Python's splitext: a leading dot begins no extension.
QString extensionOf(const QString &fileName)
{
    const QString last = fileName.section(u'/', -1);
    const qsizetype dot = last.lastIndexOf(u'.');
    return dot > 0 ? last.mid(dot) : QString();
}

QStringList sorted(QStringList texts)
{
    texts.sort();
    return texts;
}

} // namespace

const Attachment &Attachments::give(const QString &workloadUuid, const QString &fileName)
{
    Attachment attachment{.uuid = newUuid(), .workloadUuid = workloadUuid, .fileName = fileName};
    attachment.name = attachment.uuid + extensionOf(fileName);
    attachment.url = m_base;
    attachment.url.setPath(root + workloadUuid + u'/' + attachment.name);
    const qint64 end = QDateTime::currentSecsSinceEpoch() + qint64(expirationHours) * 3600;
    attachment.url.setQuery(QUrlQuery{{u"attachment"_s, attachment.uuid},
                                      {u"expires"_s, QString::number(end)},
                                      {u"signature"_s, QUuid::createUuid().toString(QUuid::Id128)}});
    return *m_attachments.insert(attachment.uuid, attachment);
}

Result<QString> Attachments::find(const QUrl &requested) const
{
    const auto found = m_attachments.constFind(QUrlQuery(requested).queryItemValue(u"attachment"_s));
    if (found == m_attachments.cend())
        return fail(u"nobody was given this URL"_s, requested.path());
    if (requested.path(QUrl::FullyEncoded) != found->url.path(QUrl::FullyEncoded) ||
        requested.query(QUrl::FullyEncoded) != found->url.query(QUrl::FullyEncoded))
        return fail(u"the signature does not fit the URL"_s, requested.path());
    return found->uuid;
}

Attachment &Attachments::at(const QString &uuid)
{
    const auto found = m_attachments.find(uuid);
    Q_ASSERT(found != m_attachments.end());
    return *found;
}

Result<Attachments::Confirmation> Attachments::confirm(const QString &workloadUuid, const ResultList &results)
{
    const QStringList uuids = sorted(results.attachmentUuids);
    if (m_confirmed.value(workloadUuid).contains(uuids))
        return Confirmation::Before;
    for (qsizetype i = 0; i < uuids.size(); ++i) {
        if (auto checked = checkEntry(workloadUuid, results, i); !checked)
            return tl::make_unexpected(checked.error());
    }
    for (const QString &uuid : uuids)
        m_attachments[uuid].state = Attachment::State::Confirmed;
    m_confirmed[workloadUuid] << uuids;
    return Confirmation::Now;
}

Result<void> Attachments::checkEntry(const QString &workloadUuid, const ResultList &results,
                                     qsizetype index) const
{
    const QString uuid = results.attachmentUuids[index];
    const auto found = m_attachments.constFind(uuid);
    if (found == m_attachments.cend() || found->workloadUuid != workloadUuid)
        return fail(u"this workload was given no such attachment"_s, uuid);
    if (found->state == Attachment::State::Confirmed)
        return fail(u"the attachment has been confirmed before, in another list"_s, uuid);
    if (found->state != Attachment::State::Stored)
        return fail(u"the attachment has not been stored"_s, uuid);
    if (found->fileName != results.fileNames[index])
        return fail(
            u"the attachment was given out for another file than \"%1\""_s.arg(results.fileNames[index]),
            uuid);
    if (found->url.toString(QUrl::FullyEncoded) != results.signedUrls[index])
        return fail(u"the attachment was given out with another URL"_s, uuid);
    if (isConfirmed(workloadUuid, found->fileName))
        return fail(u"\"%1\" has been confirmed before, as another attachment"_s.arg(found->fileName), uuid);
    return {};
}

bool Attachments::isConfirmed(const QString &workloadUuid, const QString &fileName) const
{
    return std::any_of(m_attachments.cbegin(), m_attachments.cend(), [&](const Attachment &attachment) {
        return attachment.state == Attachment::State::Confirmed && attachment.workloadUuid == workloadUuid &&
               attachment.fileName == fileName;
    });
}

} // namespace cloudnode::sandbox
