#pragma once

#include <QWidget>

namespace cloudnode {

/// A rounded surface with a thin border that facts, tables and fields lie on. Fields on it stand out in dark
/// palettes too, where some styles hardly draw their border.
class Sheet : public QWidget {
    Q_OBJECT

public:
    explicit Sheet(QWidget *parent = nullptr);

    /// Gives a view that fills a sheet the colour of the sheet instead of that of a field.
    static void blend(QWidget *view);

protected:
    void paintEvent(QPaintEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void takeFieldColor();
};

} // namespace cloudnode
