#pragma once

#include <QLabel>

namespace cloudnode {

/// One line of text that gives way when there is little room; the whole of it is in the tooltip then.
class ElidedLabel : public QLabel {
    Q_OBJECT

public:
    explicit ElidedLabel(Qt::TextElideMode mode = Qt::ElideRight, QWidget *parent = nullptr);

    /// `hint`: the tooltip; empty: the text itself where it is cut short.
    void setFact(const QString &text, const QString &hint = {});

    /// What to show instead where the whole does not fit; elided only if that does not fit either.
    void setShorter(const QString &text) { m_shorter = text; }

    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;

private:
    QString shown() const;

    Qt::TextElideMode m_mode;
    QString m_hint;
    QString m_shorter;
};

} // namespace cloudnode
