#pragma once

#include "node/linewriter.h"

#include <QByteArrayList>
#include <QJsonValue>
#include <QObject>

namespace cloudnode {

/// What the node did lately and why, in words: the last so many events in memory, and on disk over restarts.
class EventJournal : public QObject {
    Q_OBJECT

public:
    static constexpr int remembered = 500;
    static constexpr qsizetype longestText = 2000; ///< of one event; longer ones are cut

    enum class Level { Info, Warning, Error };

    /// What earlier runs have left in `path` is there at once. Beyond `fileBytes` the file is renamed to
    /// `<path>.1`, replacing the one before, and begun anew.
    explicit EventJournal(QString path, qint64 fileBytes = 1 << 20, QObject *parent = nullptr);

    /// `kind`: node, heartbeat, broker, workload, install or token. `requestId`: JSON null if it is about
    /// none.
    void add(const QString &kind, Level level, const QString &text,
             const QJsonValue &requestId = QJsonValue::Null);
    /// One JSON object each, oldest first.
    QByteArrayList recent();
    /// Brings to the file what has been added, which happens a moment later by itself.
    void flush() { m_lines.writeAll(); }

signals:
    void added(const QByteArray &event);           ///< a JSON object; recent() holds it already
    void warning(const cloudnode::Error &problem); ///< it cannot be written; once until it can again

private:
    void rotate();

    QString m_path;
    qint64 m_fileBytes;
    LineWriter m_lines;
    QByteArrayList m_recent; // as they are in the file: they are written often and seldom asked for
    bool m_checked = false;  ///< that what earlier runs have left is what it should be
    bool m_failing = false;
};

} // namespace cloudnode
