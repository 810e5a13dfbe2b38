#include "ui/workloads/workloadmodel.h"

#include "ui/look/semanticcolors.h"
#include "ui/look/words.h"
#include "ui/workloads/workloadwords.h"

#include <QSet>

#include <algorithm>
#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

QDateTime now()
{
    return QDateTime::currentDateTimeUtc();
}

bool isNumber(int column)
{
    switch (column) {
    case WorkloadModel::Pid:
    case WorkloadModel::Elapsed:
    case WorkloadModel::Cpu:
    case WorkloadModel::Memory:
    case WorkloadModel::Duration:
        return true;
    default:
        return false;
    }
}

Tone toneOf(WorkloadRecord::Status status)
{
    switch (status) {
    case WorkloadRecord::Status::Running:
        return Tone::Busy;
    case WorkloadRecord::Status::Completed:
        return Tone::Good;
    case WorkloadRecord::Status::Failed:
        return Tone::Trouble;
    case WorkloadRecord::Status::Cancelled:
    case WorkloadRecord::Status::Lost:
        return Tone::Attention;
    }
    Q_UNREACHABLE();
}

/// A listed record knows nothing of what the workload costs right now; that is kept from the snapshot.
WorkloadRecord merged(const WorkloadRecord &fresh, const WorkloadRecord &known)
{
    WorkloadRecord record = fresh;
    if (!fresh.isActive() || !known.isActive())
        return record;
    record.seconds = known.seconds;
    record.cpuPercent = known.cpuPercent;
    record.memoryBytes = known.memoryBytes;
    record.progress = known.progress;
    record.cancel = known.cancel;
    return record;
}

} // namespace

WorkloadModel::WorkloadModel(QObject *parent) : QAbstractTableModel(parent) {}

int WorkloadModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int WorkloadModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

const WorkloadRecord *WorkloadModel::find(const QString &key) const
{
    const auto row = m_rowOf.constFind(key);
    return row == m_rowOf.constEnd() ? nullptr : &m_rows.at(*row).record;
}

int WorkloadModel::activeCount() const
{
    return static_cast<int>(
        std::count_if(m_rows.begin(), m_rows.end(), [](const Row &row) { return row.record.isActive(); }));
}

void WorkloadModel::setActive(const QList<WorkloadRecord> &active)
{
    m_activeKeys.clear();
    for (const WorkloadRecord &record : active) {
        m_activeKeys.insert(record.key);
        put(record);
    }
}

void WorkloadModel::setListed(const QList<WorkloadRecord> &listed)
{
    QSet<QString> keys = m_activeKeys;
    for (auto record = listed.crbegin(); record != listed.crend(); ++record) { // oldest first
        keys.insert(record->key);
        const WorkloadRecord *known = find(record->key);
        put(known ? merged(*record, *known) : *record);
    }
    removeExcept(keys);
}

void WorkloadModel::setUploads(const QList<WorkloadUpload> &uploads)
{
    QHash<QString, WorkloadUpload> now;
    for (const WorkloadUpload &upload : uploads)
        now.insert(upload.key, upload);
    const QHash<QString, WorkloadUpload> before = std::exchange(m_uploads, now);
    for (int row = 0; row < rowCount(); ++row) {
        const QString &key = at(row).key;
        if (before.contains(key) != now.contains(key) || before.value(key) != now.value(key))
            emit dataChanged(index(row, Result), index(row, Result));
    }
}

void WorkloadModel::put(const WorkloadRecord &record)
{
    const auto known = m_rowOf.constFind(record.key);
    if (known == m_rowOf.constEnd())
        return append(record);
    Row &row = m_rows[*known];
    if (row.record == record)
        return;
    if (row.record.seconds != record.seconds || !record.isActive())
        row.told.start();
    row.record = record;
    emit dataChanged(index(*known, 0), index(*known, ColumnCount - 1));
}

void WorkloadModel::append(const WorkloadRecord &record)
{
    const int row = rowCount();
    beginInsertRows({}, row, row);
    m_rows.append({record, {}});
    m_rows.last().told.start();
    m_rowOf.insert(record.key, row);
    endInsertRows();
}

void WorkloadModel::removeExcept(const QSet<QString> &keys)
{
    for (int row = rowCount() - 1; row >= 0; --row) {
        if (keys.contains(at(row).key))
            continue;
        beginRemoveRows({}, row, row);
        m_rowOf.remove(at(row).key);
        m_rows.removeAt(row);
        reindex(row);
        endRemoveRows();
    }
}

void WorkloadModel::reindex(int from)
{
    for (int row = from; row < rowCount(); ++row)
        m_rowOf[at(row).key] = row;
}

void WorkloadModel::setLive(bool live)
{
    if (std::exchange(m_live, live) != live)
        tick();
}

void WorkloadModel::tick()
{
    for (int row = 0; row < rowCount(); ++row)
        if (at(row).isActive())
            emit dataChanged(index(row, Progress), index(row, Elapsed), {Qt::DisplayRole});
    if (rowCount() > 0)
        emit dataChanged(index(0, Ended), index(rowCount() - 1, Action), {Qt::DisplayRole});
}

WorkloadModel::Offer WorkloadModel::offerOf(const Row &row) const
{
    if (!row.record.isActive() || !m_live)
        return Offer::None;
    if (!row.record.cancel)
        return Offer::Cancel;
    return WorkloadWords::graceIsOver(row.record, now()) ? Offer::Force : Offer::None;
}

WorkloadModel::Offer WorkloadModel::offer(int row) const
{
    return offerOf(m_rows.at(row));
}

double WorkloadModel::secondsOf(const Row &row) const
{
    return row.record.isActive() ? row.record.seconds + static_cast<double>(row.told.elapsed()) / 1000
                                 : row.record.seconds;
}

QString WorkloadModel::progressText(const Row &row) const
{
    if (row.record.cancel)
        return WorkloadWords::stopping(row.record, now());
    if (!row.record.progress)
        return WorkloadWords::result(row.record);
    const WorkloadRecord::Progress &progress = *row.record.progress;
    return progress.fraction ? Words::percent(*progress.fraction) : progress.text;
}

QString WorkloadModel::resultText(const WorkloadRecord &record) const
{
    const auto upload = m_uploads.constFind(record.key);
    return upload == m_uploads.constEnd() ? WorkloadWords::result(record) : WorkloadWords::uploading(*upload);
}

QString WorkloadModel::resultToolTip(const WorkloadRecord &record) const
{
    const auto upload = m_uploads.constFind(record.key);
    const QString reported = WorkloadWords::reported(record);
    return upload == m_uploads.constEnd() ? reported
                                          : reported + u' ' + WorkloadWords::uploadDetails(*upload);
}

QString WorkloadModel::actionText(const Row &row) const
{
    switch (offerOf(row)) {
    case Offer::Cancel:
        return tr("Cancel");
    case Offer::Force:
        return tr("Force");
    case Offer::None:
        return {};
    }
    Q_UNREACHABLE();
}

QString WorkloadModel::text(const Row &row, int column) const
{
    const WorkloadRecord &record = row.record;
    switch (column) {
    case Type:
        return Words::type(record.type);
    case Request:
        return record.requestText();
    case Pid:
        return record.pid > 0 ? QString::number(record.pid) : QString();
    case Progress:
        return progressText(row);
    case Elapsed:
        return Words::elapsed(secondsOf(row));
    case Cpu:
        return record.cpuPercent ? tr("%1 %").arg(std::lround(*record.cpuPercent)) : QString();
    case Memory:
        return record.memoryBytes ? Words::bytes(*record.memoryBytes) : QString();
    case Result:
        return resultText(record);
    case Duration:
        return record.startedAt.isValid() ? Words::elapsed(record.seconds) : QString();
    case Ended:
        return Words::ago(record.endedAt, now());
    case Action:
        return actionText(row);
    default:
        return {};
    }
}

QString WorkloadModel::toolTip(const Row &row, int column) const
{
    switch (column) {
    case Request:
        return row.record.requestText();
    case Progress:
        return row.record.progress ? row.record.progress->text : QString();
    case Elapsed:
        return tr("Since %1").arg(Words::absolute(row.record.startedAt));
    case Ended:
        return Words::absolute(row.record.endedAt);
    case Result:
        return resultToolTip(row.record);
    case Cpu:
    case Memory:
        return tr("Of all its processes together");
    case Action:
        return offerOf(row) == Offer::Force ? tr("Kills what is left of %1 at once").arg(row.record.name())
                                            : QString();
    default:
        return {};
    }
}

QVariant WorkloadModel::sortKey(const Row &row, int column) const
{
    switch (column) {
    case Pid:
        return row.record.pid;
    case Progress:
        return row.record.progress ? row.record.progress->fraction.value_or(0) : 0.0;
    case Elapsed:
    case Duration:
        return secondsOf(row);
    case Cpu:
        return row.record.cpuPercent.value_or(-1);
    case Memory:
        return row.record.memoryBytes.value_or(-1);
    case Ended:
        return row.record.endedAt.isValid() ? row.record.endedAt : row.record.receivedAt;
    default:
        return text(row, column);
    }
}

QVariant WorkloadModel::tone(const Row &row, int column) const
{
    if (column == Progress && row.record.cancel)
        return static_cast<int>(Tone::Attention);
    if (column == Result && m_uploads.contains(row.record.key))
        return static_cast<int>(m_uploads[row.record.key].problem.isEmpty() ? Tone::Busy : Tone::Attention);
    if (column == Progress || column == Result)
        return static_cast<int>(toneOf(row.record.status));
    return {};
}

QVariant WorkloadModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    const Row &row = m_rows.at(index.row());
    const int column = index.column();
    switch (role) {
    case Qt::DisplayRole:
        return text(row, column);
    case Qt::ToolTipRole:
        return toolTip(row, column);
    case Qt::TextAlignmentRole:
        return QVariant::fromValue((isNumber(column) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case Qt::AccessibleTextRole:
        return column == Action && offerOf(row) != Offer::None
                   ? tr("%1 %2").arg(actionText(row), row.record.requestText())
                   : text(row, column);
    case SortRole:
        return sortKey(row, column);
    case ActiveRole:
        return row.record.isActive();
    case FractionRole:
        return row.record.progress && row.record.progress->fraction && !row.record.cancel
                   ? QVariant(*row.record.progress->fraction)
                   : QVariant();
    case ToneRole:
        return tone(row, column);
    case KeyRole:
        return row.record.key;
    default:
        return {};
    }
}

QVariant WorkloadModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue((isNumber(section) ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Type:
        return tr("Type");
    case Request:
        return tr("Request");
    case Pid:
        return tr("PID");
    case Progress:
        return tr("Progress");
    case Elapsed:
        return tr("Elapsed");
    case Cpu:
        return tr("CPU");
    case Memory:
        return tr("Memory");
    case Result:
        return tr("Result");
    case Duration:
        return tr("Duration");
    case Ended:
        return tr("Ended");
    default:
        return {};
    }
}

} // namespace cloudnode
