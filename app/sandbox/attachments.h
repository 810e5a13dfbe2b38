#pragma once

#include "base/error.h"

#include <QDateTime>
#include <QHash>
#include <QStringList>
#include <QUrl>

namespace cloudnode::sandbox {

/// A place for one result file, as it was given out.
struct Attachment {
    enum class State {
        Given,     ///< and nothing has come yet, or not all of it
        Receiving, ///< somebody is sending it
        Stored,    ///< all of it is there
        Confirmed, ///< and the node has said that it belongs to the workload's results
        Expired,   ///< its URL is of no use any more
    };

    QString uuid;
    QString workloadUuid;
    QString fileName; ///< as asked for
    QString name;     ///< uuid and the file name's extension: what the node is told
    QUrl url;         ///< signed: whoever has it may store there
    State state = State::Given;
};

/// What upload-results names: entry by entry one file.
struct ResultList {
    QStringList fileNames;
    QStringList signedUrls;
    QStringList attachmentUuids;
};

/// The book of the store of result files: which places were given out, and what became of them. Pure.
class Attachments {
public:
    static constexpr int expirationHours = 24; ///< of a signed URL

    /// Where the store listens: what the signed URLs begin with.
    void setBase(const QUrl &base) { m_base = base; }

    /// A new place for a file, under a URL that nobody can guess.
    const Attachment &give(const QString &workloadUuid, const QString &fileName);

    /// The place that a request's path and query name: its uuid. Errors: there is none, or the signature is
    /// wrong.
    Result<QString> find(const QUrl &requested) const;
    /// One that was given out. To be used at once: the next one given may move it.
    Attachment &at(const QString &uuid);

    enum class Confirmation { Now, Before };
    /// Takes the files as the workload's results. Errors: one of them is not there, is another workload's,
    /// has been confirmed before, or its URL or name is not the one it was given out with. Then nothing
    /// changes; only the same list as a whole may come again.
    Result<Confirmation> confirm(const QString &workloadUuid, const ResultList &results);

private:
    Result<void> checkEntry(const QString &workloadUuid, const ResultList &results, qsizetype index) const;
    bool isConfirmed(const QString &workloadUuid, const QString &fileName) const;

    QUrl m_base;
    QHash<QString, Attachment> m_attachments;       // by uuid
    QHash<QString, QList<QStringList>> m_confirmed; // by workload: the sorted uuids of each list
};

} // namespace cloudnode::sandbox
