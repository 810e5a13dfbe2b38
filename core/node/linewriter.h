#pragma once

#include "base/error.h"

#include <QByteArray>
#include <QHash>
#include <QObject>
#include <QTimer>

#include <chrono>

namespace cloudnode {

/// Adds lines to files, a moment later and those of one file in one piece: to open a file costs more than the
/// line. What is written survives the death of this process, not a power cut.
class LineWriter final : public QObject {
    Q_OBJECT

public:
    static constexpr std::chrono::milliseconds delay{100};
    static constexpr qsizetype largestPiece = 16 * 1024; ///< as much is written at once

    /// Nothing is added to a file that has `fullAt` bytes or more.
    explicit LineWriter(qint64 fullAt, QObject *parent = nullptr);
    ~LineWriter() override; ///< writes what is left, and tells nobody how it went

    /// `line`: without its break.
    void add(const QString &path, const QByteArray &line);
    /// What add() has been given and is not in the file yet.
    QByteArray pending(const QString &path) const { return m_pending.value(path); }
    void writeAll();

signals:
    void written(const QString &path);
    void failed(const QString &path, const cloudnode::Error &reason); ///< these lines are lost

private:
    qint64 m_fullAt;
    QHash<QString, QByteArray> m_pending; // by path
    QTimer m_timer;
};

} // namespace cloudnode
