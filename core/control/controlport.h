#pragma once

#include "base/error.h"
#include "base/jsontext.h"
#include "wire/command.h"

#include <QJsonArray>
#include <QObject>

#include <functional>

namespace cloudnode {

/// What a node tells its faces unasked.
class ControlEvents : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

signals:
    /// Something worth a line in the list of events. ControlPort::recentEvents() holds it already.
    /// It is a JSON object.
    void happened(const QByteArray &event);
    /// status() may differ from what it was. May be emitted as often as is convenient; nothing that merely
    /// ticks (uptime, running time) needs it.
    void statusChanged();
};

/// When to answer a cancel.
enum class CancelAnswer {
    Accepted, ///< as soon as the signal is sent
    Gone,     ///< when none of the workload's processes is left
};

/// All that the control socket asks of its node. Every call returns at once, is made from the event loop, and
/// never from inside another.
class ControlPort {
public:
    virtual ~ControlPort() = default;

    /// The one snapshot that every face shows.
    virtual JsonText status() const = 0;
    /// One object a workload, latest first; at most `limit`. `all`: finished ones too.
    virtual QList<JsonText> workloads(bool all, int limit) const = 0;
    /// False for a moment after a start: not all finished workloads have been looked at yet.
    virtual bool knowsAllWorkloads() const = 0;
    /// The life of one request, oldest entry first. Errors: no such request is known.
    virtual Result<QJsonArray> timeline(const QString &requestId) const = 0;
    /// What happened lately, one JSON object each, oldest first; the node bounds their number.
    virtual QByteArrayList recentEvents() const = 0;

    /// Refuses new workloads until resume(), over restarts too. Pausing twice is no error. Errors: it cannot
    /// be written down.
    virtual Result<void> pause() = 0;
    virtual Result<void> resume() = 0;
    /// Begins an orderly end of the node; workloads run on. It must not end inside the call, lest the answer
    /// be lost.
    virtual void stop() = 0;
    /// Ends a workload with all its processes. `done` runs exactly once, during the call or later, with an
    /// object that names the workload. Errors: nothing active goes by that name; the system refuses.
    virtual void cancel(const CancelWorkload &request, CancelAnswer when,
                        std::function<void(Result<JsonText>)> done) = 0;

    /// Lives as long as the port.
    virtual const ControlEvents &events() const = 0;
};

} // namespace cloudnode
