#pragma once

#include <QAccessibleWidget>

namespace cloudnode {

/// Reads the visible lines of a LogView to assistive technology, as its value.
class LogAccessible : public QAccessibleWidget {
public:
    explicit LogAccessible(QWidget *view);

    QString text(QAccessible::Text kind) const override;

    static void install(); ///< for every LogView; once is enough
};

} // namespace cloudnode
