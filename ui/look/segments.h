#pragma once

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QWidget>

namespace cloudnode {

/// A choice of one among few, side by side. To assistive technology and keyboard it is a row of radio
/// buttons.
class Segments : public QWidget {
    Q_OBJECT

public:
    explicit Segments(const QString &name, QWidget *parent = nullptr);

    void add(const QString &text);
    void setText(int index, const QString &text);
    int current() const { return m_group.checkedId(); }
    void setCurrent(int index); ///< emits chosen() if it differs

signals:
    void chosen(int index);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QHBoxLayout *m_layout;
    QButtonGroup m_group;
};

} // namespace cloudnode
