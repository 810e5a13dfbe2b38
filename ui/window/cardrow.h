#pragma once

#include <QBoxLayout>
#include <QWidget>

namespace cloudnode {

/// Cards side by side, or one below the other where there is no room for that.
class CardRow : public QWidget {
    Q_OBJECT

public:
    explicit CardRow(QWidget *parent = nullptr);

    void add(QWidget *card);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    QBoxLayout *m_layout;
};

} // namespace cloudnode
