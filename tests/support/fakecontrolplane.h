#pragma once

#include "cloud/controlplane.h"

#include <QList>
#include <QPointer>
#include <QStringList>

#include <functional>
#include <utility>

namespace cloudnode {

/// A backend that answers what the test has written down: for times and failures no real one shows on demand.
class FakeControlPlane : public ControlPlane {
public:
    using Reply = CloudResult<Instance>;

    QStringList calls; ///< "create <hint>", "register <uuid>", "heartbeat <uuid>", "update <uuid> running", …
    QList<WorkloadUpdate> updates;
    QList<QList<UploadedFile>> confirmed;
    CloudWorkload workload; ///< what it believes about every workload
    QUrl store;             ///< below which files may be put
    QList<QByteArray> logs; ///< content of every log call, taken or not
    QList<Reply> script;    ///< answers in order; when it is empty, everything succeeds
    bool silent = false;    ///< nothing is answered at all
    bool slow = false;      ///< answers wait for letGo()
    Instance created{QStringLiteral("new-uuid"), QStringLiteral("new-slug")};

    static Reply failing(CloudError::Kind kind, int status = 0,
                         std::optional<std::chrono::seconds> retryAfter = {})
    {
        return tl::make_unexpected(
            CloudError{kind, status, {QStringLiteral("scripted"), {}, {}}, retryAfter});
    }

    /// Gives the answers that have been waiting.
    void letGo()
    {
        for (const std::function<void()> &reply : std::exchange(m_waiting, {}))
            reply();
    }

    QString name() const override { return QStringLiteral("fake"); }
    void createInstance(const QString &, const QString &slugHint, QObject *context,
                        CloudCallback<Instance> done) override
    {
        answer(QStringLiteral("create ") + slugHint, created, context, std::move(done));
    }
    void registerInstance(const QString &uuid, const QString &, QObject *context,
                          CloudCallback<Instance> done) override
    {
        answer(QStringLiteral("register ") + uuid, Instance{uuid, {}}, context, std::move(done));
    }
    void heartbeat(const QString &uuid, QObject *context, CloudCallback<void> done) override
    {
        answerPlain(QStringLiteral("heartbeat ") + uuid, context, std::move(done));
    }
    void sendLog(const Instance &, LogStream stream, const QByteArray &content, QObject *context,
                 CloudCallback<void> done) override
    {
        logs << content;
        answerPlain(stream == LogStream::Stdout ? QStringLiteral("log stdout") : QStringLiteral("log stderr"),
                    context, std::move(done));
    }
    void reportTerminated(const Instance &instance, QObject *context, CloudCallback<void> done) override
    {
        answerPlain(QStringLiteral("terminated ") + instance.uuid, context, std::move(done));
    }
    void reportFailed(const Instance &instance, const QString &, QObject *context,
                      CloudCallback<void> done) override
    {
        answerPlain(QStringLiteral("failed ") + instance.uuid, context, std::move(done));
    }
    void updateWorkload(const QString &workloadUuid, const QString &, const WorkloadUpdate &update,
                        QObject *context, CloudCallback<void> done) override
    {
        updates << update;
        answerPlain(QStringLiteral("update %1 %2").arg(workloadUuid, toString(update.status)), context,
                    std::move(done));
    }
    void fetchWorkload(const QString &workloadUuid, QObject *context,
                       CloudCallback<CloudWorkload> done) override
    {
        answerPlain(QStringLiteral("fetch ") + workloadUuid, context,
                    [this, done = std::move(done)](const CloudResult<void> &reply) {
                        done(reply.map([this] { return workload; }));
                    });
    }
    void requestUpload(const QString &workloadUuid, const QString &filename, QObject *context,
                       CloudCallback<UploadTarget> done) override
    {
        const QString attachment = QStringLiteral("attachment-%1").arg(++m_attachments);
        const QUrl url = store.resolved(QUrl(attachment));
        answerPlain(QStringLiteral("upload %1 %2").arg(workloadUuid, filename), context,
                    [url, attachment, done = std::move(done)](const CloudResult<void> &reply) {
                        done(reply.map([&] { return UploadTarget{url, attachment}; }));
                    });
    }
    void confirmUploads(const QString &workloadUuid, const QList<UploadedFile> &files, QObject *context,
                        CloudCallback<void> done) override
    {
        confirmed << files;
        answerPlain(QStringLiteral("confirm %1").arg(workloadUuid), context, std::move(done));
    }

private:
    void answer(const QString &call, const Instance &otherwise, QObject *context,
                CloudCallback<Instance> done)
    {
        calls << call;
        if (silent)
            return;
        const Reply reply = script.isEmpty() ? Reply(otherwise) : script.takeFirst();
        const auto give = [reply, context = QPointer(context), done = std::move(done)] {
            if (context)
                QMetaObject::invokeMethod(
                    context, [reply, done] { done(reply); }, Qt::QueuedConnection);
        };
        if (slow)
            m_waiting << give;
        else
            give();
    }
    void answerPlain(const QString &call, QObject *context, CloudCallback<void> done)
    {
        answer(call, {}, context,
               [done = std::move(done)](const Reply &reply) { done(reply.map([](const Instance &) {})); });
    }

    int m_attachments = 0;
    QList<std::function<void()>> m_waiting;
};

} // namespace cloudnode
