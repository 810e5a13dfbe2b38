#include "results/workloaduploads.h"

#include <QFileInfo>

#include <algorithm>
#include <utility>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace cloudnode {

namespace {

using State = UploadLedger::State;
using Confirmation = UploadLedger::Confirmation;

constexpr int conflict = 409;
constexpr qsizetype mostToldOf = 20; // files, each in so many words

} // namespace

WorkloadUploads::WorkloadUploads(UploadJob job, const Means &means, QObject *parent)
    : QObject(parent),
      m_job(std::move(job)),
      m_means(means),
      m_files(m_job.places),
      m_rest(means.patience.rest, means.patience.longestRest)
{
    m_resting.setSingleShot(true);
    connect(&m_resting, &QTimer::timeout, this, &WorkloadUploads::resume);
}

void WorkloadUploads::start()
{
    m_means.disk.start([this, job = m_job, &stopping = m_means.stopping] {
        const Found found = look(job, stopping);
        if (!stopping) // half a list is none
            QMetaObject::invokeMethod(
                this, [this, found] { begin(found); }, Qt::QueuedConnection);
    });
}

WorkloadUploads::Found WorkloadUploads::look(const UploadJob &job, const std::atomic<bool> &stopping)
{
    if (auto ledger = UploadLedger::load(job.ledgerPath))
        return {std::move(ledger), 0, {}};
    const ResultListing listing = ResultFiles(job.places).list(stopping);
    Found found{UploadLedger(job.ledgerPath, listing.files), listing.leftOut, listing.problems};
    if (listing.files.isEmpty() || stopping)
        return found;
    if (const auto saved = found.ledger->save(); !saved)
        found.problems << saved.error();
    return found;
}

void WorkloadUploads::begin(const Found &found)
{
    m_ledger = found.ledger;
    m_leftOut = found.leftOut;
    m_maybeHeard = m_ledger->confirmation() == Confirmation::Asked;
    for (const Error &problem : found.problems)
        emit warning(problem);
    for (qsizetype i = 0; i < m_ledger->entries().size(); ++i) {
        if (m_ledger->entries()[i].state == State::Waiting)
            m_waiting.enqueue(i);
    }
    emit listed(m_ledger->entries().size());
    emit changed();
    emit ready();
    // Nothing is sent before the owner says so, but what needs no sending need not wait for that.
    if (m_ledger->stored().isEmpty() || m_ledger->confirmation() == Confirmation::Given)
        confirmWhenAllDone();
}

UploadProgress WorkloadUploads::progress() const
{
    UploadProgress progress{.problem = m_problem};
    if (!m_ledger)
        return progress;
    progress.files = m_ledger->entries().size();
    progress.filesDone = progress.files - m_ledger->count(State::Waiting);
    for (const UploadLedger::Entry &entry : m_ledger->entries()) {
        progress.bytes += entry.file.size;
        if (entry.state != State::Waiting)
            progress.bytesDone += entry.file.size;
    }
    for (const auto &[index, upload] : m_underWay)
        progress.bytesDone += upload->sent();
    return progress;
}

/// The confirmation is a thing to send, too.
bool WorkloadUploads::canSend() const
{
    if (!m_ledger || m_phase != Phase::Sending || m_resting.isActive())
        return false;
    return !m_waiting.isEmpty() || (m_underWay.empty() && m_ledger->confirmation() != Confirmation::Given);
}

void WorkloadUploads::sendNext()
{
    if (m_waiting.isEmpty()) {
        confirmWhenAllDone();
        return;
    }
    const qsizetype index = m_waiting.dequeue();
    auto upload = std::make_unique<FileUpload>(
        FileUpload::Task{m_job.workloadUuid, m_files, m_ledger->entries()[index].file}, m_means.cloud,
        m_means.store, m_means.patience);
    connect(upload.get(), &FileUpload::progressed, this, &WorkloadUploads::changed);
    connect(upload.get(), &FileUpload::ended, this,
            [this, index](const FileUploadEnd &end) { fileDone(index, end); });
    const auto placed = m_underWay.emplace(index, std::move(upload));
    placed.first->second->start();
}

void WorkloadUploads::fileDone(qsizetype index, const FileUploadEnd &end)
{
    m_underWay.extract(index).mapped().release()->deleteLater(); // it is the one that calls
    switch (end.kind) {
    case FileUploadEnd::Kind::Stored:
        note(m_ledger->markStored(index, end.file, end.target));
        m_rest.reset();
        m_problem.clear();
        break;
    case FileUploadEnd::Kind::GivenUp:
        note(m_ledger->markGivenUp(index));
        tellOfGivenUp(m_ledger->entries()[index].file.name, end.reason);
        break;
    case FileUploadEnd::Kind::Postponed:
        m_waiting.enqueue(index);
        rest(end.reason, end.retryAfter);
        break;
    }
    emit changed();
    confirmWhenAllDone();
    emit fileEnded();
}

void WorkloadUploads::tellOfGivenUp(const QString &name, const Error &reason)
{
    if (m_ledger->count(State::GivenUp) <= mostToldOf) // the summary counts the others
        emit gaveUp({u"%1 is not uploaded: "_s.arg(name) + reason.what, reason.where, reason.remedy});
}

void WorkloadUploads::rest(const Error &reason, std::optional<std::chrono::seconds> atLeast)
{
    if (std::exchange(m_problem, reason.what) != reason.what) // every attempt would be a flood
        emit waiting(reason);
    if (!m_resting.isActive()) // several files fail for one reason
        m_resting.start(std::max<std::chrono::milliseconds>(m_rest.next(), atLeast.value_or(0s)));
}

void WorkloadUploads::retryNow()
{
    m_rest.reset();
    if (m_resting.isActive())
        resume();
}

void WorkloadUploads::resume()
{
    m_resting.stop();
    emit ready();
}

void WorkloadUploads::confirmWhenAllDone()
{
    if (!m_waiting.isEmpty() || !m_underWay.empty() || m_phase != Phase::Sending || m_resting.isActive())
        return;
    if (m_ledger->confirmation() == Confirmation::Given)
        removeFiles();
    else if (m_ledger->stored().isEmpty())
        finish(false);
    else
        confirm();
}

void WorkloadUploads::confirm()
{
    m_phase = Phase::Confirming;
    note(m_ledger->markConfirmation(Confirmation::Asked));
    m_means.cloud.confirmUploads(m_job.workloadUuid, m_ledger->stored(), this,
                                 [this](const CloudResult<void> &answer) { confirmed(answer); });
}

/// Each file is to be confirmed once, and what is not confirmed is not to be removed. So an answer that was
/// lost is asked for again, and a refusal of the repetition ends the matter without removing anything, unless
/// it says in so many words that there is nothing new.
void WorkloadUploads::confirmed(const CloudResult<void> &answer)
{
    if (answer || (m_maybeHeard && answer.error().httpStatus == conflict)) {
        note(m_ledger->markConfirmation(Confirmation::Given));
        removeFiles();
        return;
    }
    const CloudError &error = answer.error();
    if (error.kind == CloudError::Kind::Unavailable || error.kind == CloudError::Kind::Unauthorized) {
        m_phase = Phase::Sending;
        m_maybeHeard = true;
        rest(error.error, error.retryAfter);
        emit changed();
        return;
    }
    const QString heard = m_maybeHeard ? u", perhaps because it has taken an earlier one"_s : QString();
    emit warning({u"the backend refuses the confirmation of result files%1: "_s.arg(heard) + error.error.what,
                  error.error.where, u"They are kept on this computer."_s});
    finish(false);
}

void WorkloadUploads::removeFiles()
{
    m_phase = Phase::Removing;
    QList<ResultFile> stored;
    for (const UploadLedger::Entry &entry : m_ledger->entries()) {
        if (entry.state == State::Stored)
            stored << entry.file;
    }
    m_means.disk.start([this, files = m_files, stored, &stopping = m_means.stopping] {
        QList<Error> problems;
        for (const ResultFile &file : stored) {
            if (const auto removed = files.remove(file); !removed && problems.size() < mostToldOf)
                problems << removed.error();
            if (stopping)
                return; // the next node goes on
        }
        QMetaObject::invokeMethod(
            this,
            [this, problems] {
                for (const Error &problem : problems)
                    emit warning(problem);
                finish(true);
            },
            Qt::QueuedConnection);
    });
}

void WorkloadUploads::finish(bool confirmed)
{
    m_phase = Phase::Over;
    emit finished({.stored = m_ledger->count(State::Stored),
                   .givenUp = m_ledger->count(State::GivenUp),
                   .leftOut = m_leftOut,
                   .confirmed = confirmed});
}

void WorkloadUploads::note(const Result<void> &written)
{
    if (!written)
        emit warning(written.error());
}

} // namespace cloudnode
