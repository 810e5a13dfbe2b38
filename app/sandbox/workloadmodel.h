#pragma once

#include "sandbox/apicall.h"
#include "sandbox/attachments.h"
#include "sandbox/cloudreply.h"

#include <QJsonArray>

namespace cloudnode::sandbox {

/// One workload as the backend sees it.
struct CloudWorkload {
    QString uuid;
    QString status = QStringLiteral("assigned");
    QJsonObject last;       ///< what was said of it last; empty: nothing
    QJsonObject assignment; ///< instance_uuid, command_type, command_params, profile_slug: as far as known
    QStringList results;    ///< names of the files confirmed
};

/// The backend's memory of workloads, and of their result files. Pure: no network.
///
/// Statuses only go on, from assigned over running and finalizing to completed, failed or cancelled; some may
/// be left out. What was said before may be said again. To go back, or to change the end that was reported,
/// is a breach of the contract; to report an end that the backend has set itself otherwise is refused with
/// 409.
class WorkloadModel {
public:
    /// Whether a workload that nobody has made is made when a node first speaks of it.
    void takeAny(bool any) { m_takesAny = any; }

    CloudReply apply(const ApiCall &call);

    /// Makes a workload, or changes one as the backend itself may. `wish` has been held against what
    /// POST /sandbox/workloads takes; without a uuid it gets one.
    QJsonObject put(const QJsonObject &wish);
    /// As if the backend had lost it. False if there is none.
    bool forget(const QString &uuid);
    QJsonArray describe() const;

    Attachments &attachments() { return m_attachments; }

private:
    CloudReply get(const CloudWorkload &workload) const;
    CloudReply update(CloudWorkload &workload, const ApiCall &call);
    CloudReply accept(CloudWorkload &workload, const ApiCall &call);
    CloudReply signUrl(const CloudWorkload &workload, const ApiCall &call);
    CloudReply confirm(CloudWorkload &workload, const ApiCall &call);
    CloudWorkload *meant(const ApiCall &call);

    bool m_takesAny = false;
    QHash<QString, CloudWorkload> m_workloads; // by uuid
    Attachments m_attachments;
};

} // namespace cloudnode::sandbox
