#include "node/outbox.h"

#include "node/responsesender.h"
#include "platform/atomicfile.h"

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

constexpr qint64 maxResponseBytes = 4 << 20;
const QString suffix = u".json"_s;

} // namespace

Outbox::Outbox(QString folder, ResponseSender &sender, QObject *parent)
    : QObject(parent),
      m_folder(std::move(folder)),
      m_sender(sender)
{
}

Result<void> Outbox::recover()
{
    if (auto made = atomicfile::makePrivateFolder(m_folder); !made)
        return made;
    const QDir folder(m_folder);
    for (const QString &name : folder.entryList(QDir::Files, QDir::Name)) {
        bool isNumber = name.endsWith(suffix);
        const quint64 number = isNumber ? name.chopped(suffix.size()).toULongLong(&isNumber) : 0;
        if (!isNumber)
            continue;
        m_next = std::max(m_next, number + 1);
        const QString path = folder.filePath(name);
        const auto response = atomicfile::read(path, maxResponseBytes);
        if (!response || !QJsonDocument::fromJson(*response).isObject()) {
            emit warning({u"holds no response; it is not sent"_s, path, u"Remove it."_s});
            continue;
        }
        sendFile(path, *response);
    }
    return {};
}

void Outbox::post(const QByteArray &response)
{
    // Zeros in front, so that the order of the names is the order of the responses.
    const QString path = m_folder + u'/' + QString::number(m_next++).rightJustified(20, u'0') + suffix;
    const auto kept =
        m_kept.size() < capacity
            ? atomicfile::write(path, response, atomicfile::Durability::ProcessDeath)
            : Result<void>(fail(u"more than %1 responses wait for the broker"_s.arg(capacity), m_folder));
    if (kept) {
        sendFile(path, response);
        return;
    }
    emit warning({u"a response would not outlive this node: "_s + kept.error().what, kept.error().where, {}});
    if (m_sender.waiting() < 2 * capacity)
        m_sender.send([response] { return response; }, {});
}

bool Outbox::holdsAnswerTo(const RequestId &requestId) const
{
    return std::find(m_kept.cbegin(), m_kept.cend(), requestId.toJson()) != m_kept.cend();
}

void Outbox::sendFile(const QString &path, const QByteArray &response)
{
    m_kept.insert(path, QJsonDocument::fromJson(response).object().value("request_id"_L1));
    const auto compose = [path] { return atomicfile::read(path, maxResponseBytes).value_or(QByteArray()); };
    m_sender.send(compose, [this, path] {
        QFile::remove(path);
        m_kept.remove(path);
    });
}

} // namespace cloudnode
