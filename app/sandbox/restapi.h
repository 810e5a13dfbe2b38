#pragma once

#include "sandbox/cloudmodel.h"
#include "sandbox/eventlog.h"
#include "sandbox/faults.h"
#include "sandbox/httpreply.h"

namespace cloudnode::sandbox {

/// The backend's REST API: holds each request against the contract, then the token, then meets it with what
/// is to go wrong, then asks the model. Everything is told to the event log:
///
/// - create, register, heartbeat, log, terminated, failed, instances: it has happened; with `uuid`, `slug`,
///   `path` and all that was sent
/// - refused: the model said no; with `operation`, `status`, `message`, `path`
/// - fault: a fault struck; with `operation`, `effect`, `path`. Nothing else happened, unless it was slow
/// - unauthorized: a wrong token; with `operation`
/// - breach: the contract was broken; with `reason`, `method`, `path`
class RestApi {
public:
    RestApi(QString token, bool legacyPaths, CloudModel &model, Faults &faults, EventLog &events);

    HttpReply answer(const Request &request);

private:
    HttpReply breach(const Request &request, const Error &problem);
    HttpReply answerCall(const ApiCall &call, const QString &path);
    HttpReply unauthorized(const ApiCall &call);
    HttpReply refused(const ApiCall &call, const QString &path, const HttpReply &reply);
    HttpReply applied(const ApiCall &call, const QString &path);
    HttpReply faulty(const Fault &fault, const ApiCall &call, const QString &path);

    QString m_token;
    bool m_legacyPaths; ///< whether the instances' own paths for log, terminated, failed do not exist
    CloudModel &m_model;
    Faults &m_faults;
    EventLog &m_events;
};

} // namespace cloudnode::sandbox
