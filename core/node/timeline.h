#pragma once

#include "node/linewriter.h"
#include "workload/workloadpool.h"

#include <QJsonArray>
#include <QObject>

namespace cloudnode {

/// The lives of requests, each entry with what happened and who wanted it. What the workload's records tell
/// is taken from them; the rest is kept in a file beside them, and goes when they go.
class Timeline : public QObject {
    Q_OBJECT

public:
    static constexpr qint64 fileBytes = 256 * 1024; ///< of one workload; nothing is added beyond

    explicit Timeline(const WorkloadPool &pool, QObject *parent = nullptr);

    /// `what` is a word for programs, `text` says it to people.
    void add(const QString &key, const QString &what, const QString &text,
             const QDateTime &at = QDateTime::currentDateTimeUtc());
    /// Objects with `at`, `what` and `text`, oldest first.
    QJsonArray of(const Workload &workload) const;

signals:
    void warning(const cloudnode::Error &problem);

private:
    QString path(const QString &key) const;

    const WorkloadPool &m_pool;
    LineWriter m_lines;
};

} // namespace cloudnode
