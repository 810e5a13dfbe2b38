#pragma once

#include "cloud/controlplane.h"
#include "platform/resultfiles.h"

#include <optional>

namespace cloudnode {

/// What is to be uploaded of one workload and how far it is, in memory and on disk, so that a restarted node
/// goes on where the last one was. The list is written once, whole or not at all; each step is a line added
/// to it, so that the last of ten thousand files costs no more than the first. Steps outlive the death of
/// this process; what a power cut takes back is done again.
/// Its file holds signed URLs: it is for its owner only.
class UploadLedger {
public:
    enum class State { Waiting, Stored, GivenUp };
    struct Entry {
        ResultFile file; ///< as found; once Stored: as the store has it
        State state = State::Waiting;
        UploadTarget target; ///< Stored
    };
    /// How far the confirmation is.
    enum class Confirmation {
        None,
        Asked, ///< perhaps heard
        Given
    };

    /// A new one, not on disk yet.
    UploadLedger(QString path, const QList<ResultFile> &files);
    /// None: there is none, or none that can be understood, which means that all is still to be done.
    static std::optional<UploadLedger> load(const QString &path);

    const QList<Entry> &entries() const { return m_entries; }
    Confirmation confirmation() const { return m_confirmation; }
    QList<UploadedFile> stored() const;
    qsizetype count(State state) const;

    /// Writes all of it. Errors: the disk refuses; the next step tries again.
    Result<void> save();
    /// The steps. What they say counts even if the disk refuses it, which is the error.
    Result<void> markStored(qsizetype index, const ResultFile &file, const UploadTarget &target);
    Result<void> markGivenUp(qsizetype index);
    Result<void> markConfirmation(Confirmation confirmation);

private:
    Result<void> add(const QByteArray &line);
    bool read(const QByteArray &text);
    void readStep(const QJsonObject &step);

    QString m_path;
    QList<Entry> m_entries;
    Confirmation m_confirmation = Confirmation::None;
    bool m_onDisk = false; ///< the file has all there is to know
};

} // namespace cloudnode
