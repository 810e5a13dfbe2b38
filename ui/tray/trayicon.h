#pragma once

#include "ui/feed/nodemonitor.h"
#include "ui/tray/traymenu.h"

#include <QObject>
#include <QSystemTrayIcon>
#include <QTimer>

#include <memory>

namespace cloudnode {

/// The icon in the desktop's tray, for as long as there is a tray: hosts may come late, or start anew.
class TrayIcon : public QObject {
    Q_OBJECT

public:
    explicit TrayIcon(NodeMonitor &monitor, QObject *parent = nullptr);
    ~TrayIcon() override;

    bool isVisible() const { return m_icon != nullptr; }
    TrayMenu &menu() { return *m_menu; }
    void notify(const QString &title, const QString &text, bool trouble);

signals:
    void visibleChanged(bool visible);
    void activated();

private:
    void look();
    void appear();
    void draw();
    void describe();

    NodeMonitor &m_monitor;
    std::unique_ptr<TrayMenu> m_menu;
    std::unique_ptr<QSystemTrayIcon> m_icon; // needs m_menu
    QTimer m_look;                           ///< for a tray host, of whose coming Qt does not tell
    QTimer m_tick;
    struct Look {
        Face face = Face::Starting;
        qsizetype count = -1;
        QColor ink;

        bool operator==(const Look &other) const = default;
    } m_drawn;
};

} // namespace cloudnode
