#pragma once

#include "ui/feed/workloadrecord.h"

#include <QAbstractTableModel>
#include <QElapsedTimer>
#include <QHash>
#include <QList>

namespace cloudnode {

/// Every workload the node told of, active and finished, one a row. A row keeps its place and its persistent
/// index through updates; only what changed is announced.
class WorkloadModel : public QAbstractTableModel {
    Q_OBJECT

public:
    enum Column {
        Type,
        Request,
        Pid,
        Progress,
        Elapsed,
        Cpu,
        Memory,
        Result,
        Duration,
        Ended,
        Action,
        ColumnCount
    };
    enum Role {
        SortRole = Qt::UserRole,
        ActiveRole,   ///< bool
        FractionRole, ///< double in [0, 1]; none where it is not known
        ToneRole,     ///< int of a Tone; none for plain text
        KeyRole,      ///< QString
    };
    /// What the button of a row does.
    enum class Offer { None, Cancel, Force };

    explicit WorkloadModel(QObject *parent = nullptr);

    /// From a status snapshot: the active ones, with what they cost.
    void setActive(const QList<WorkloadRecord> &active);
    /// From a whole list.
    void setListed(const QList<WorkloadRecord> &listed);
    /// From a status snapshot: whose result files are on their way.
    void setUploads(const QList<WorkloadUpload> &uploads);
    /// Whether a node answers: nothing can be ended while none does.
    void setLive(bool live);
    /// Lets running times and countdowns go on; call it once a second.
    void tick();

    const WorkloadRecord &at(int row) const { return m_rows.at(row).record; }
    const WorkloadRecord *find(const QString &key) const;
    Offer offer(int row) const;
    int activeCount() const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Row {
        WorkloadRecord record;
        QElapsedTimer told; ///< since its running time was told
    };

    double secondsOf(const Row &row) const;
    QString text(const Row &row, int column) const;
    QString progressText(const Row &row) const;
    QString resultText(const WorkloadRecord &record) const;
    QString resultToolTip(const WorkloadRecord &record) const;
    QString actionText(const Row &row) const;
    QString toolTip(const Row &row, int column) const;
    QVariant sortKey(const Row &row, int column) const;
    QVariant tone(const Row &row, int column) const;
    Offer offerOf(const Row &row) const;

    void put(const WorkloadRecord &record);
    void append(const WorkloadRecord &record);
    void removeExcept(const QSet<QString> &keys);
    void reindex(int from);

    QList<Row> m_rows;
    QHash<QString, int> m_rowOf;
    QHash<QString, WorkloadUpload> m_uploads; ///< by the workload's key
    bool m_live = true;
    QSet<QString> m_activeKeys; ///< of the latest snapshot, which knows better than an older list
};

} // namespace cloudnode
