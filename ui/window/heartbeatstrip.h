#pragma once

#include "ui/feed/nodesnapshot.h"

#include <QWidget>

namespace cloudnode {

/// The last sixty heartbeats, oldest left: low bars for those that got through, a full red one with a gap in
/// it for each that did not.
class HeartbeatStrip : public QWidget {
    Q_OBJECT

public:
    explicit HeartbeatStrip(QWidget *parent = nullptr);

    void setBeats(const QList<NodeSnapshot::Beat> &beats);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;

private:
    int beatAt(int x) const; ///< index in m_beats; -1: none

    QList<NodeSnapshot::Beat> m_beats;
};

} // namespace cloudnode
