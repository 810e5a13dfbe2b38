#pragma once

#include "sandbox/cloudmodel.h"
#include "sandbox/eventlog.h"
#include "sandbox/faults.h"

namespace cloudnode::sandbox {

/// What a call has come to.
struct HandledCall {
    CloudReply reply;
    std::optional<Fault> fault =
        {}; ///< what its answer is to meet; unless it Fault::acts(), there is no reply
};

/// Meets each call that keeps the contract, whichever way it came: first the token, then what is to go wrong,
/// then the model. Everything is told to the event log, with `path`, or with `topic` and `over`: "mqtt":
///
/// - create, register, heartbeat, log, terminated, failed, instances: it has happened; with `uuid`, `slug`
///   and all that was sent
/// - workload, workload_status, workload_status_repeated, signed_url, results_confirmed,
///   results_confirmed_repeated: likewise, with `workload_uuid`
/// - refused: the model said no; with `operation`, `status`, `message`
/// - fault: a fault struck; with `operation`, `effect`. Nothing else happened, unless the fault acts
/// - unauthorized: a wrong token; with `operation`
/// - breach: nobody may ask that, after what was asked before; with `reason`, `operation`
class CallHandler {
public:
    CallHandler(QString token, CloudModel &model, Faults &faults, EventLog &events);

    /// `door` is what the events say of the way the call came.
    HandledCall handle(const ApiCall &call, const QJsonObject &door);
    /// Says no in the model's place.
    CloudReply refuse(const ApiCall &call, const QJsonObject &door, const CloudReply &reply);

private:
    CloudReply apply(const ApiCall &call, const QJsonObject &door);
    void tellOf(const ApiCall &call, const QJsonObject &door, const CloudReply &reply);

    QString m_token;
    CloudModel &m_model;
    Faults &m_faults;
    EventLog &m_events;
};

} // namespace cloudnode::sandbox
