#pragma once

#include <QLabel>

namespace cloudnode {

/// Small print: a title above a fact, or a hint below a field.
class Caption : public QLabel {
    Q_OBJECT

public:
    explicit Caption(const QString &text = {}, QWidget *parent = nullptr);

protected:
    void changeEvent(QEvent *event) override;

private:
    void takeColor();
};

} // namespace cloudnode
