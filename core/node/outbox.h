#pragma once

#include "base/error.h"

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

signals:
    void warning(const cloudnode::Error &problem);

private:
    void sendFile(const QString &path);

    QString m_folder;
    ResponseSender &m_sender;
    quint64 m_next = 0;
    int m_kept = 0;
};

} // namespace cloudnode
