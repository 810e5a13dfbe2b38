#pragma once

#include "ui/feed/nodemonitor.h"

#include <QWidget>

class QLabel;
class QMenu;
class QPushButton;
class QToolButton;

namespace cloudnode {

class ElidedLabel;
class Segments;

/// The top of the window: how the node is, who it is, where one can go, and the switch for taking work.
class HeaderBar : public QWidget {
    Q_OBJECT

public:
    enum Page { Overview, Events, Settings };

    explicit HeaderBar(NodeMonitor &monitor, QWidget *parent = nullptr);

    void setPage(Page page);
    void setMenu(QMenu *menu);

signals:
    void pageChosen(int page);
    void pauseAsked(bool pause);

protected:
    void changeEvent(QEvent *event) override;

private:
    void takeState();
    void takeIcons();
    void keepPauseWidth();

    NodeMonitor &m_monitor;
    QLabel *m_icon;
    ElidedLabel *m_title;
    ElidedLabel *m_detail;
    Segments *m_pages;
    QPushButton *m_pause;
    QToolButton *m_more;
};

} // namespace cloudnode
