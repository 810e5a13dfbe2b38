#pragma once

#include "sandbox/callhandler.h"
#include "sandbox/contract.h"
#include "sandbox/controlplane.h"
#include "sandbox/httpreply.h"

namespace cloudnode::sandbox {

/// The backend's REST API: holds each request against the contract, then hands the call over. To the event
/// log it tells itself only of a breach: the contract was broken; with `reason`, `method`, `path`.
class RestApi {
public:
    /// Which paths there are.
    struct Paths {
        ControlPlane controlPlane = ControlPlane::Rest;
        bool legacy = false; ///< whether the instances' own paths for log, terminated, failed do not exist
    };

    RestApi(Paths paths, CallHandler &handler, EventLog &events);

    HttpReply answer(const Request &request);

private:
    HttpReply breach(const Request &request, const Error &problem);
    bool exists(const ApiCall &call) const;

    Paths m_paths;
    CallHandler &m_handler;
    EventLog &m_events;
};

} // namespace cloudnode::sandbox
