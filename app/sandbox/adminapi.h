#pragma once

#include "sandbox/cloudmodel.h"
#include "sandbox/contract.h"
#include "sandbox/eventlog.h"
#include "sandbox/faults.h"
#include "sandbox/httpreply.h"

namespace cloudnode::sandbox {

/// The sandbox's own API for tests and curious people, below /sandbox/. It asks for no token.
///
/// - GET events: all of them, as an array
/// - GET instances: all of them, as an array
/// - GET logs/{uuid}?stream=stdout|stderr: what was sent, as text
/// - POST fail {"fail": ["register=503:3", ...]}: from now on; replaces earlier faults of the operations
///   named. "register=none" only removes them
/// - POST forget/{uuid}: the instance, or workload, is not known any more
/// - POST terminate/{uuid}: the instance has been ended by its owner
/// - GET workloads: all of them, as an array
/// - POST workloads {"uuid"?, "instance_uuid"?, "command_type"?, "command_params"?, "profile_slug"?,
/// "status"?}:
///   makes one, "assigned" unless told otherwise, or changes the one of that uuid; answers with all of it
class AdminApi {
public:
    AdminApi(CloudModel &model, Faults &faults, EventLog &events);

    static bool isForAdmin(const Request &request);
    HttpReply answer(const Request &request);

private:
    HttpReply post(const QString &what, const QString &uuid, const QByteArray &body);
    HttpReply get(const QString &what, const QString &uuid, const QUrlQuery &query) const;
    HttpReply log(const QString &uuid, const QString &stream) const;
    HttpReply setFaults(const QByteArray &body);
    HttpReply putWorkload(const QByteArray &body);

    CloudModel &m_model;
    Faults &m_faults;
    EventLog &m_events;
};

} // namespace cloudnode::sandbox
