#pragma once

#include "ui/feed/nodemonitor.h"

#include <QWidget>

class QLabel;
class QPushButton;

namespace cloudnode {

/// Trouble, told under the header: what happened, since when, what to do, with the one button that does it.
class Banner : public QWidget {
    Q_OBJECT

public:
    explicit Banner(QWidget *parent = nullptr);

    void tell(const std::optional<Trouble> &trouble); ///< none: hides itself
    static QString buttonText(Remedy remedy);

signals:
    void remedyChosen(cloudnode::Remedy remedy);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString advice() const;

    Trouble m_trouble;
    QLabel *m_what;
    QLabel *m_advice;
    QPushButton *m_button;
};

} // namespace cloudnode
