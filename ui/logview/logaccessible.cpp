#include "ui/logview/logaccessible.h"

#include "ui/logview/logview.h"

namespace cloudnode {

namespace {

QAccessibleInterface *make(const QString &, QObject *object)
{
    auto *view = qobject_cast<LogView *>(object);
    return view ? new LogAccessible(view) : nullptr;
}

} // namespace

LogAccessible::LogAccessible(QWidget *view) : QAccessibleWidget(view, QAccessible::Document) {}

QString LogAccessible::text(QAccessible::Text kind) const
{
    return kind == QAccessible::Value ? static_cast<LogView *>(widget())->visibleText()
                                      : QAccessibleWidget::text(kind);
}

void LogAccessible::install()
{
    static const bool installed = (QAccessible::installFactory(make), true);
    Q_UNUSED(installed)
}

} // namespace cloudnode
