#pragma once

#include <QLineEdit>

namespace cloudnode {

/// Where one types what is looked for.
class SearchField : public QLineEdit {
    Q_OBJECT

public:
    /// `name`: what it searches; its placeholder and accessible name.
    explicit SearchField(const QString &name, int widest, QWidget *parent = nullptr);

protected:
    void changeEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    QAction *m_icon;
};

} // namespace cloudnode
