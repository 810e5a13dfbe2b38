#pragma once

#include "control/desktop.h"
#include "platform/autostart.h"

#include <QScrollArea>

class QCheckBox;
class QFormLayout;
class QLabel;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace cloudnode {

class Caption;

/// What the owner may choose. Nothing takes effect before Save; a kept token is never shown.
class SettingsPage : public QScrollArea {
    Q_OBJECT

public:
    explicit SettingsPage(DesktopHost &host, Autostart autostart = Autostart::ofThisProgram(),
                          QWidget *parent = nullptr);

    /// Tries backend and broker with what the fields hold now.
    void testConnection();
    void focusToken();
    DesktopSettings shown() const;

signals:
    void saved(bool nodeConcerned); ///< whether a running node must start anew to know of it

protected:
    void showEvent(QShowEvent *event) override;

private:
    QWidget *accountCard();
    QWidget *nodeCard();
    QWidget *desktopCard();
    QWidget *makeFooter();
    QWidget *folderField();
    void watchFields();
    void load();
    void describeToken();
    void noteChange();
    void save();
    Result<void> store();
    void showTest(const ConnectionTest &test);
    void say(QLabel *label, const QString &text, bool good);

    DesktopHost &m_host;
    Autostart m_autostart;
    QLineEdit *m_token;
    Caption *m_tokenHint;
    QLineEdit *m_folder;
    QLineEdit *m_slug;
    QLineEdit *m_profile;
    QSpinBox *m_concurrency;
    QCheckBox *m_finished;
    QCheckBox *m_failed;
    QCheckBox *m_offline;
    QCheckBox *m_installFailed;
    QCheckBox *m_tokenRejected;
    QCheckBox *m_startAtLogin;
    QPushButton *m_test;
    QLabel *m_backend; ///< how its test went
    QLabel *m_broker;
    QPushButton *m_save;
    QLabel *m_outcome;
    DesktopSettings m_stored;
};

} // namespace cloudnode
