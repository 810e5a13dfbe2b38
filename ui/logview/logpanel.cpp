#include "ui/logview/logpanel.h"

#include "ui/look/caption.h"
#include "ui/look/elidedlabel.h"
#include "ui/look/grid.h"
#include "ui/look/icons.h"
#include "ui/look/searchfield.h"
#include "ui/look/segments.h"

#include <QDesktopServices>
#include <QEvent>
#include <QFileInfo>
#include <QShortcut>
#include <QUrl>
#include <QVBoxLayout>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

QToolButton *toolButton(const QString &name)
{
    auto *button = new QToolButton;
    button->setAutoRaise(true);
    button->setToolTip(name);
    button->setAccessibleName(name);
    return button;
}

} // namespace

LogPanel::LogPanel(QWidget *parent)
    : QWidget(parent),
      m_title(new ElidedLabel(Qt::ElideMiddle)),
      m_streams(new Segments(tr("Which output"))),
      m_follow(new QCheckBox(tr("Follow"))),
      m_search(new SearchField(tr("Search log"), 24 * grid::unit)),
      m_note(new Caption),
      m_previous(toolButton(tr("Previous match"))),
      m_next(toolButton(tr("Next match"))),
      m_copy(toolButton(tr("Copy what is marked"))),
      m_folder(toolButton(tr("Open the folder of this log"))),
      m_view(new LogView)
{
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(grid::unit);
    layout->addLayout(makeBar());
    layout->addWidget(m_view, 1);
    connect(m_streams, &Segments::chosen, this, &LogPanel::reopen);
    connect(m_follow, &QCheckBox::toggled, m_view, &LogView::setFollowing);
    connect(m_view, &LogView::followingChanged, m_follow, &QCheckBox::setChecked);
    connect(m_copy, &QToolButton::clicked, m_view, &LogView::copy);
    connect(m_folder, &QToolButton::clicked, this, &LogPanel::openFolder);
    connect(m_view, &LogView::copied, this,
            [this](qsizetype, bool whole) { tell(whole ? tr("Copied") : tr("Copied the first 8 MB")); });
    connectSearch();
    takeIcons();
    clear();
}

QLayout *LogPanel::makeBar()
{
    auto *bar = new QHBoxLayout;
    bar->setContentsMargins(grid::gap, grid::unit + grid::half, grid::unit + grid::half, 0);
    bar->setSpacing(grid::unit);
    QFont bold = m_title->font();
    bold.setWeight(QFont::DemiBold);
    m_title->setFont(bold);
    for (const QString &name : {tr("Both"), u"stdout"_s, u"stderr"_s})
        m_streams->add(name);
    m_follow->setChecked(true);
    bar->addWidget(m_title, 1);
    bar->addWidget(m_note);
    bar->addWidget(m_streams);
    bar->addWidget(m_follow);
    bar->addWidget(m_search);
    for (QToolButton *button : {m_previous, m_next, m_copy, m_folder})
        bar->addWidget(button);
    return bar;
}

void LogPanel::connectSearch()
{
    const auto forward = [this] { m_view->search(m_search->text(), true); };
    const auto backward = [this] { m_view->search(m_search->text(), false); };
    connect(m_search, &QLineEdit::textChanged, this, [this, forward] {
        tell({});
        forward();
    });
    connect(m_search, &QLineEdit::returnPressed, this, forward);
    connect(m_next, &QToolButton::clicked, this, forward);
    connect(m_previous, &QToolButton::clicked, this, backward);
    connect(new QShortcut(QKeySequence::FindNext, this), &QShortcut::activated, this, forward);
    connect(new QShortcut(QKeySequence::FindPrevious, this), &QShortcut::activated, this, backward);
    connect(m_view, &LogView::searchEnded, this,
            [this](bool found) { tell(found ? QString() : tr("Not found")); });
    connect(m_view, &LogView::searching, this,
            [this](int percent) { tell(tr("Searching, %1 %").arg(percent)); });
}

void LogPanel::tell(const QString &text)
{
    m_note->setText(text);
}

void LogPanel::setWorkload(const WorkloadRecord &workload)
{
    setOutput(workload.key, workload.name(), {workload.stdoutPath, workload.stderrPath});
}

void LogPanel::setOutput(const QString &key, const QString &name, const LogPaths &paths)
{
    if (key == m_key && paths == m_paths)
        return;
    m_key = key;
    m_paths = paths;
    m_title->setShorter(name);
    m_title->setFact(tr("Log of %1").arg(name));
    m_view->setEmptyText(tr("It has printed nothing so far."));
    for (QWidget *widget : std::initializer_list<QWidget *>{m_streams, m_follow, m_search, m_previous, m_next,
                                                            m_copy, m_folder})
        widget->setEnabled(true);
    reopen();
}

void LogPanel::clear()
{
    m_key.clear();
    m_paths = {};
    m_title->setShorter({});
    m_title->setFact(tr("Log"));
    m_view->clear();
    m_view->setEmptyText(tr("Choose a workload to see what it prints."));
    for (QWidget *widget : std::initializer_list<QWidget *>{m_streams, m_follow, m_search, m_previous, m_next,
                                                            m_copy, m_folder})
        widget->setEnabled(false);
}

void LogPanel::reopen()
{
    tell({});
    if (!m_key.isEmpty())
        m_view->open(m_paths, static_cast<LogStreams>(m_streams->current()));
}

void LogPanel::focusSearch()
{
    m_search->setFocus(Qt::ShortcutFocusReason);
    m_search->selectAll();
}

void LogPanel::openFolder()
{
    QDesktopServices::openUrl(QUrl::fromLocalFile(QFileInfo(m_paths.out).absolutePath()));
}

void LogPanel::takeIcons()
{
    m_previous->setIcon(icons::glyph(u"up"_s, palette()));
    m_next->setIcon(icons::glyph(u"down"_s, palette()));
    m_copy->setIcon(icons::glyph(u"copy"_s, palette()));
    m_folder->setIcon(icons::glyph(u"folder"_s, palette()));
}

void LogPanel::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange)
        takeIcons();
    QWidget::changeEvent(event);
}

} // namespace cloudnode
