#pragma once

#include "ui/look/sheet.h"

#include <QVBoxLayout>

namespace cloudnode {

/// A titled sheet for facts that belong together.
class Card : public Sheet {
    Q_OBJECT

public:
    explicit Card(const QString &title, QWidget *parent = nullptr);

    /// What goes to the right end of the title line.
    void addBeside(QWidget *widget);
    QVBoxLayout *body() { return m_body; }

private:
    QHBoxLayout *m_titleLine;
    QVBoxLayout *m_body;
};

} // namespace cloudnode
