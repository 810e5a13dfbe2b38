#pragma once

#include <QAbstractButton>

namespace cloudnode {

/// One choice of a Segments row.
class SegmentButton : public QAbstractButton {
    Q_OBJECT

public:
    explicit SegmentButton(const QString &text, QWidget *parent = nullptr);

    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;

private:
    QColor fill() const;
};

} // namespace cloudnode
