#pragma once

#include "base/error.h"

#include <QDateTime>
#include <QFile>
#include <QList>

#include <atomic>
#include <memory>

namespace cloudnode {

/// Where one workload may have left its result files.
struct ResultPlaces {
    QString own;    ///< absolute; a folder that nobody else uses, so that all in it counts; empty: none
    QString shared; ///< absolute; a folder that others use too; empty: none
    QDateTime
        from; ///< of what is in the shared folder only that counts which was made or written from here on
    QDateTime until; ///< … and not written later than this
};

/// One result file, as it was found.
struct ResultFile {
    bool shared = false; ///< it lies in the shared folder
    QString name;        ///< relative to its folder, with '/'
    qint64 size = 0;     ///< bytes
    qint64 modified = 0; ///< when it was last written, milliseconds since the epoch

    bool operator==(const ResultFile &other) const = default;
};

/// What was found, sorted by name; no name is there twice.
struct ResultListing {
    QList<ResultFile> files;
    qsizetype leftOut = 0; ///< more files than are taken of one workload
    QList<Error> problems; ///< what could not be read or named, and what is left out
};

/// The result files of one workload on the disk: regular files, at any depth. A symbolic link counts as the
/// file it leads to if that is a regular one in the same folder, and as nothing otherwise; links to folders
/// are not followed, wherever they stand. Everything here may wait for a disk: keep it off the event loop.
class ResultFiles {
public:
    static constexpr qsizetype mostFiles = 10'000;
    static constexpr int mostDepth = 64; ///< of folders in each other

    explicit ResultFiles(ResultPlaces places) : m_places(std::move(places)) {}

    /// Ends early, with what it has, once `stop` is true. A folder that is not there holds nothing.
    ResultListing list(const std::atomic<bool> &stop, qsizetype most = mostFiles) const;

    struct Opened {
        std::unique_ptr<QFile> file; ///< ready to be read
        ResultFile is;               ///< as it is now
    };
    /// Errors: it is not there any more, is no regular file of that folder any more, cannot be read.
    Result<Opened> open(const ResultFile &file) const;
    /// `file` as it is now, seen through its open self.
    static ResultFile current(ResultFile file, const QFile &open);
    /// Removes it, unless it has changed since it was `file`. Errors: that, or the system's reason. One that
    /// is gone already is no error.
    Result<void> remove(const ResultFile &file) const;

private:
    QString folderOf(const ResultFile &file) const { return file.shared ? m_places.shared : m_places.own; }

    ResultPlaces m_places;
};

} // namespace cloudnode
