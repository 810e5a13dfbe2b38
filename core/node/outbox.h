#pragma once

#include "base/error.h"
#include "wire/requestid.h"

#include <QHash>
#include <QJsonValue>
#include <QObject>

namespace cloudnode {

class ResponseSender;

/// Keeps responses that belong to no workload (refusals, answers to cancel) on disk until the broker has
/// them, so that a restart of the node loses none.
class Outbox : public QObject {
    Q_OBJECT

public:
    static constexpr int capacity = 1000; ///< beyond it the response is sent without being kept

    Outbox(QString folder, ResponseSender &sender, QObject *parent = nullptr);

    /// Sends what an earlier run has left. Errors: the folder cannot be made.
    Result<void> recover();
    void post(const QByteArray &response);
    /// Whether an answer to this request still waits for the broker. A broker that delivers the request once
    /// more, because we died before we could acknowledge it, must not get another one.
    bool holdsAnswerTo(const RequestId &requestId) const;

signals:
    void warning(const cloudnode::Error &problem);

private:
    void sendFile(const QString &path, const QByteArray &response);

    QString m_folder;
    ResponseSender &m_sender;
    quint64 m_next = 0;
    QHash<QString, QJsonValue> m_kept; ///< whom each file answers, by its path
};

} // namespace cloudnode
