#pragma once

#include "sandbox/attachments.h"
#include "sandbox/eventlog.h"
#include "sandbox/faults.h"
#include "sandbox/httphead.h"
#include "sandbox/httpreply.h"

namespace cloudnode::sandbox {

/// The store of result files, as far as it decides: who may bring one, what is to go wrong, and what is told
/// of it. The bytes go elsewhere. To the event log it tells:
///
/// - stored: a file is there; with `workload_uuid`, `filename` (as asked), `attachment`, `bytes`, `sha256`,
/// and
///   `path` if it is kept
/// - store_interrupted: the connection ended before it was; with `attachment`, `bytes`
/// - fault, refused, breach: as for calls, with `operation` "store"
class Store {
public:
    /// Files are kept in `folder`, under their attachments' names; empty: none is.
    Store(QString folder, Attachments &attachments, Faults &faults, EventLog &events);

    /// A file on its way, from the head of its request to the end of its body.
    struct Delivery {
        QString attachment;              ///< empty: nobody may bring this
        QString path;                    ///< where it is to be kept; empty: nowhere
        std::optional<Fault> fault;      ///< what is to happen to it
        std::optional<HttpReply> answer; ///< already decided; the body is only read
    };

    /// Looks at a request, of which the body is still to come.
    Delivery admit(const HttpHead &head);
    /// The whole body has come. What to answer.
    HttpReply finish(const Delivery &delivery, qint64 bytes, const QString &sha256);
    /// It has not come to its end, or could not be kept.
    void giveUp(const Delivery &delivery, qint64 bytes);

private:
    Delivery breach(int status, const QString &problem);
    Delivery refused(int status, const QString &message);
    Delivery accept(const Attachment &attachment);
    Delivery meet(const Fault &fault, Delivery delivery);

    QString m_folder;
    Attachments &m_attachments;
    Faults &m_faults;
    EventLog &m_events;
};

} // namespace cloudnode::sandbox
