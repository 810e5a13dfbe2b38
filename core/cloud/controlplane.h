#pragma once

#include "base/error.h"
#include "wire/instance.h"
#include "wire/workloadupdate.h"

#include <QList>
#include <QObject>
#include <QUrl>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>

namespace cloudnode {

/// Why the cloud did not do what was asked, sorted by what the asker can do about it.
struct CloudError {
    enum class Kind {
        Unauthorized, ///< 401, 403: the token is wrong; asking again will not help
        NotFound,     ///< 404: that instance is not known (any more)
        Refused,      ///< any other 4xx: this request will never be taken
        Unavailable,  ///< no answer, 408, 425, 429, 5xx, or an answer that is not what was agreed: try again
                      ///< later
    };
    Kind kind = Kind::Unavailable;
    int httpStatus = 0;                             ///< 0: there was no HTTP answer
    Error error;                                    ///< for people; never holds the token
    std::optional<std::chrono::seconds> retryAfter; ///< the backend's own wish

    bool operator==(const CloudError &other) const = default;
};

template <typename T>
using CloudResult = tl::expected<T, CloudError>;
template <typename T>
using CloudCallback = std::function<void(CloudResult<T>)>;

enum class LogStream { Stdout, Stderr };

/// Where one result file may be put, and how the backend will call it.
struct UploadTarget {
    QUrl url; ///< good for one PUT, without an Authorization header; holds a signature: never to be logged
    QString attachmentUuid;
};

/// One result file that lies at its UploadTarget.
struct UploadedFile {
    QString filename; ///< relative to the results folder, with '/'
    UploadTarget target;
};

/// What the node asks of the Cyberwave backend, whichever way it travels.
///
/// Every call returns at once. Its callback runs exactly once, later, from the event loop, unless `context`
/// has been destroyed by then; destroying the control plane drops all callbacks. Nothing is retried here.
class ControlPlane : public QObject {
    Q_OBJECT

public:
    using QObject::QObject;

    /// How people call the way it travels: "rest" or "mqtt"; empty while nobody knows.
    virtual QString name() const = 0;

    /// A new instance. `slugHint` may be empty. The reply's uuid and slug are never empty.
    virtual void createInstance(const QString &profileSlug, const QString &slugHint, QObject *context,
                                CloudCallback<Instance> done) = 0;
    /// Announces that the instance runs here. A slug missing from the reply is empty.
    virtual void registerInstance(const QString &uuid, const QString &profileSlug, QObject *context,
                                  CloudCallback<Instance> done) = 0;
    virtual void heartbeat(const QString &uuid, QObject *context, CloudCallback<void> done) = 0;
    /// `content` is valid UTF-8.
    virtual void sendLog(const Instance &instance, LogStream stream, const QByteArray &content,
                         QObject *context, CloudCallback<void> done) = 0;
    virtual void reportTerminated(const Instance &instance, QObject *context, CloudCallback<void> done) = 0;
    virtual void reportFailed(const Instance &instance, const QString &reason, QObject *context,
                              CloudCallback<void> done) = 0;

    /// How far the workload of that uuid is. The same may be said twice.
    virtual void updateWorkload(const QString &workloadUuid, const QString &instanceUuid,
                                const WorkloadUpdate &update, QObject *context, CloudCallback<void> done) = 0;
    /// What the backend believes about it. NotFound: it does not know it, or has no such call.
    virtual void fetchWorkload(const QString &workloadUuid, QObject *context,
                               CloudCallback<CloudWorkload> done) = 0;
    /// A place for a result file of that name, fresh at every call. The reply's members are never empty.
    virtual void requestUpload(const QString &workloadUuid, const QString &filename, QObject *context,
                               CloudCallback<UploadTarget> done) = 0;
    /// These files are where they belong.
    virtual void confirmUploads(const QString &workloadUuid, const QList<UploadedFile> &files,
                                QObject *context, CloudCallback<void> done) = 0;
};

} // namespace cloudnode
