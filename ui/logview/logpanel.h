#pragma once

#include "ui/feed/workloadrecord.h"
#include "ui/logview/logview.h"

#include <QCheckBox>
#include <QToolButton>
#include <QWidget>

namespace cloudnode {

class Caption;
class ElidedLabel;
class SearchField;
class Segments;

/// The log of the chosen workload, with what can be done with it.
class LogPanel : public QWidget {
    Q_OBJECT

public:
    explicit LogPanel(QWidget *parent = nullptr);

    /// Shows the output of this workload; what it shows already stays as it is.
    void setWorkload(const WorkloadRecord &workload);
    /// Shows any other output. `name` goes on after "Log of"; `key` tells it from what else may be shown.
    void setOutput(const QString &key, const QString &name, const LogPaths &paths);
    void clear();
    void focusSearch();
    LogView *view() { return m_view; }

protected:
    void changeEvent(QEvent *event) override;

private:
    QLayout *makeBar();
    void connectSearch();
    void reopen();
    void openFolder();
    void takeIcons();
    void tell(const QString &text);

    ElidedLabel *m_title;
    Segments *m_streams;
    QCheckBox *m_follow;
    SearchField *m_search;
    Caption *m_note;
    QToolButton *m_previous;
    QToolButton *m_next;
    QToolButton *m_copy;
    QToolButton *m_folder;
    LogView *m_view;
    QString m_key;
    LogPaths m_paths;
};

} // namespace cloudnode
