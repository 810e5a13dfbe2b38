#include "results/fileupload.h"

namespace cloudnode {

FileUpload::FileUpload(Task task, ControlPlane &cloud, FileStore &store, const UploadPatience &patience,
                       QObject *parent)
    : QObject(parent),
      m_task(std::move(task)),
      m_cloud(cloud),
      m_store(store),
      m_attemptsLeft(patience.attempts),
      m_pause(patience.pause, patience.longestRest)
{
    m_next.setSingleShot(true);
    connect(&m_next, &QTimer::timeout, this, &FileUpload::attempt);
}

void FileUpload::start()
{
    attempt();
}

void FileUpload::attempt()
{
    --m_attemptsLeft;
    m_cloud.requestUpload(m_task.workloadUuid, m_task.file.name, this,
                          [this](const CloudResult<UploadTarget> &target) { placed(target); });
}

void FileUpload::placed(const CloudResult<UploadTarget> &target)
{
    if (target) {
        m_store.put(
            m_task.from, m_task.file, target->url, this,
            [this](qint64 bytes) {
                m_sent = bytes;
                emit progressed();
            },
            [this, target = *target](const StoreVerdict &verdict, const ResultFile &file) {
                put(target, verdict, file);
            });
        return;
    }
    const CloudError &error = target.error();
    // A token that is refused today may be mended tomorrow; the file is not to blame.
    const bool mayPass =
        error.kind == CloudError::Kind::Unavailable || error.kind == CloudError::Kind::Unauthorized;
    if (mayPass)
        failed(error.error, error.retryAfter);
    else
        giveUp(error.error);
}

void FileUpload::put(const UploadTarget &target, const StoreVerdict &verdict, const ResultFile &file)
{
    switch (verdict.kind) {
    case StoreVerdict::Kind::Stored:
        m_sent = file.size;
        emit ended({.kind = FileUploadEnd::Kind::Stored, .file = file, .target = target});
        break;
    case StoreVerdict::Kind::Passing:
        failed(verdict.reason, verdict.retryAfter);
        break;
    case StoreVerdict::Kind::Torn: // a daemon that never stops writing is no reason to never end
        if (m_attemptsLeft == 0)
            giveUp(verdict.reason);
        else
            failed(verdict.reason, {});
        break;
    case StoreVerdict::Kind::Refused:
    case StoreVerdict::Kind::Unreadable:
        giveUp(verdict.reason);
        break;
    }
}

void FileUpload::failed(const Error &reason, std::optional<std::chrono::seconds> retryAfter)
{
    m_sent = 0;
    emit progressed();
    if (m_attemptsLeft > 0)
        m_next.start(m_pause.next());
    else
        emit ended({.kind = FileUploadEnd::Kind::Postponed, .reason = reason, .retryAfter = retryAfter});
}

void FileUpload::giveUp(const Error &reason)
{
    emit ended({.kind = FileUploadEnd::Kind::GivenUp, .reason = reason});
}

} // namespace cloudnode
