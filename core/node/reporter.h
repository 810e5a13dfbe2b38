#pragma once

#include "base/secretmask.h"
#include "wire/instance.h"
#include "workload/workloadpool.h"

#include <QObject>

#include <functional>

namespace cloudnode {

class ResponseSender;

/// Tells the requester of every workload that it has started and how it ended, and notes on disk once the
/// broker has each of the two. What an earlier run of the node could not deliver is delivered now.
class Reporter : public QObject {
    Q_OBJECT

public:
    /// `self` names this node at the moment a response is sent.
    Reporter(WorkloadPool &pool, ResponseSender &sender, SecretMask mask, std::function<Instance()> self,
             QObject *parent = nullptr);

    /// Takes up whatever the recovered pool holds that has not been reported.
    void recover();
    /// Says again how far the workload is, for a request that came twice.
    void repeat(const Workload &workload);
    /// Workloads that have ended and whose end the broker does not have yet.
    int unreported() const;

signals:
    /// A response about it is handed to the broker, again after each lost connection.
    void sending(const QString &key, bool final);
    void acknowledged(const QString &key); ///< the broker has the acknowledgement
    void reported(const QString &key);     ///< the broker has the final response
    void warning(const cloudnode::Error &problem);

private:
    void acknowledge(const QString &key);
    void reportEnd(const QString &key);
    void note(const Result<void> &written);
    QByteArray composeAcknowledgement(const QString &key);
    QByteArray composeFinal(const QString &key);

    WorkloadPool &m_pool;
    ResponseSender &m_sender;
    SecretMask m_mask;
    std::function<Instance()> m_self;
};

} // namespace cloudnode
