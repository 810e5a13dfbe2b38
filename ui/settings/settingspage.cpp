#include "ui/settings/settingspage.h"

#include "ui/look/caption.h"
#include "ui/look/card.h"
#include "ui/look/grid.h"
#include "ui/look/icons.h"
#include "ui/look/semanticcolors.h"
#include "ui/look/words.h"

#include <QCheckBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QSpinBox>
#include <QToolButton>

#include <tuple>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

constexpr int widest = 84 * grid::unit; ///< longer lines are hard to read
constexpr int labelWidth = 16 * grid::unit;
constexpr int mostConcurrent = 256;

using NodeChoices = std::tuple<QString, QString, QString, int>;

/// Those a running node must start anew to know of.
NodeChoices nodeChoices(const DesktopSettings &settings)
{
    return {settings.projectFolder, settings.slugHint, settings.profileSlug, settings.maxConcurrentWorkloads};
}

QFormLayout *form(Card *card)
{
    auto *layout = new QFormLayout;
    layout->setHorizontalSpacing(grid::gap);
    layout->setVerticalSpacing(grid::unit + grid::half);
    layout->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    layout->setRowWrapPolicy(QFormLayout::DontWrapRows);
    layout->setLabelAlignment(Qt::AlignLeft);
    card->body()->addLayout(layout);
    return layout;
}

/// So that the fields of all cards stand in one line.
void alignLabels(const QFormLayout *form)
{
    for (int row = 0; row < form->rowCount(); ++row)
        if (const QLayoutItem *label = form->itemAt(row, QFormLayout::LabelRole); label && label->widget())
            label->widget()->setMinimumWidth(labelWidth);
}

/// A row whose field has a line of help below it. `field` may hold more than what takes the keys, `focus`.
void addExplained(QFormLayout *form, const QString &name, QWidget *field, QWidget *focus, QLabel *help)
{
    auto *both = new QWidget;
    auto *layout = new QVBoxLayout(both);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(grid::half);
    layout->addWidget(field);
    help->setWordWrap(true);
    layout->addWidget(help);
    form->addRow(name, both);
    static_cast<QLabel *>(form->labelForField(both))->setBuddy(focus);
    focus->setAccessibleName(QString(name).remove(u'&')); // screen readers look for labels beside it only
}

QLabel *resultLabel()
{
    auto *label = new QLabel;
    label->setWordWrap(true);
    label->setTextFormat(Qt::PlainText);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    label->hide();
    return label;
}

} // namespace

SettingsPage::SettingsPage(DesktopHost &host, Autostart autostart, QWidget *parent)
    : QScrollArea(parent),
      m_host(host),
      m_autostart(std::move(autostart)),
      m_token(new QLineEdit),
      m_tokenHint(new Caption),
      m_folder(new QLineEdit),
      m_slug(new QLineEdit),
      m_profile(new QLineEdit),
      m_concurrency(new QSpinBox),
      m_finished(new QCheckBox(tr("A workload has finished"))),
      m_failed(new QCheckBox(tr("A workload has failed"))),
      m_offline(new QCheckBox(tr("The node has been offline for a minute"))),
      m_installFailed(new QCheckBox(tr("The install script has failed"))),
      m_tokenRejected(new QCheckBox(tr("The token was rejected"))),
      m_startAtLogin(new QCheckBox(tr("Start when I log in"))),
      m_test(new QPushButton(tr("Test connection"))),
      m_backend(resultLabel()),
      m_broker(resultLabel()),
      m_save(new QPushButton(tr("Save"))),
      m_outcome(resultLabel())
{
    auto *column = new QWidget;
    column->setMaximumWidth(widest);
    auto *layout = new QVBoxLayout(column);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(grid::unit + grid::half);
    for (QWidget *part : {accountCard(), nodeCard(), desktopCard(), makeFooter()})
        layout->addWidget(part);
    layout->addStretch();
    auto *content = new QWidget;
    auto *center = new QHBoxLayout(content);
    center->setContentsMargins(grid::gap, grid::unit, grid::gap, grid::gap);
    center->addStretch(0);
    center->addWidget(column, 1);
    center->addStretch(0);
    setWidget(content);
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    watchFields();
    load();
}

QWidget *SettingsPage::accountCard()
{
    auto *card = new Card(tr("Account"));
    QFormLayout *fields = form(card);
    m_token->setEchoMode(QLineEdit::Password);
    addExplained(fields, tr("API &token"), m_token, m_token, m_tokenHint);
    auto *line = new QHBoxLayout;
    line->addWidget(m_test);
    line->addStretch();
    fields->addRow(QString(), line);
    alignLabels(fields);
    for (QLabel *result : {m_backend, m_broker}) {
        result->setContentsMargins(labelWidth + grid::gap, 0, 0, 0); // below the fields
        card->body()->addWidget(result);
    }
    connect(m_test, &QPushButton::clicked, this, &SettingsPage::testConnection);
    return card;
}

QWidget *SettingsPage::folderField()
{
    auto *browse = new QPushButton(tr("Browse…"));
    connect(browse, &QPushButton::clicked, this, [this] {
        auto *dialog = new QFileDialog(this, tr("Project folder"), m_folder->text());
        dialog->setAttribute(Qt::WA_DeleteOnClose);
        dialog->setFileMode(QFileDialog::Directory);
        dialog->setOption(QFileDialog::ShowDirsOnly);
        connect(dialog, &QFileDialog::fileSelected, m_folder, &QLineEdit::setText);
        dialog->open();
    });
    auto *field = new QWidget;
    auto *layout = new QHBoxLayout(field);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addWidget(m_folder, 1);
    layout->addWidget(browse);
    return field;
}

QWidget *SettingsPage::nodeCard()
{
    auto *card = new Card(tr("Node"));
    QFormLayout *fields = form(card);
    m_slug->setPlaceholderText(tr("Chosen by Cyberwave"));
    m_profile->setPlaceholderText(tr("As in cyberwave.yml"));
    m_concurrency->setRange(0, mostConcurrent);
    m_concurrency->setSpecialValueText(tr("As in cyberwave.yml"));
    m_concurrency->setMinimumWidth(24 * grid::unit);
    m_concurrency->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    addExplained(fields, tr("Project &folder"), folderField(), m_folder,
                 new Caption(tr("Holds cyberwave.yml; its commands run there.")));
    addExplained(fields, tr("&Slug hint"), m_slug, m_slug,
                 new Caption(tr("The name you would like this node to have.")));
    fields->addRow(tr("&Profile"), m_profile);
    fields->addRow(tr("&Workloads at once"), m_concurrency);
    alignLabels(fields);
    return card;
}

QWidget *SettingsPage::desktopCard()
{
    auto *card = new Card(tr("Desktop"));
    QFormLayout *fields = form(card);
    auto *notifications = new QVBoxLayout;
    for (QCheckBox *box : {m_finished, m_failed, m_offline, m_installFailed, m_tokenRejected})
        notifications->addWidget(box);
    fields->addRow(tr("Notifications"), notifications);
    fields->addRow(tr("At login"), m_startAtLogin);
    alignLabels(fields);
    return card;
}

QWidget *SettingsPage::makeFooter()
{
    auto *footer = new QWidget;
    auto *layout = new QHBoxLayout(footer);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(grid::gap);
    layout->addWidget(m_outcome, 1);
    layout->addStretch();
    layout->addWidget(m_save);
    connect(m_save, &QPushButton::clicked, this, &SettingsPage::save);
    return footer;
}

void SettingsPage::watchFields()
{
    for (QLineEdit *field : {m_token, m_folder, m_slug, m_profile})
        connect(field, &QLineEdit::textChanged, this, &SettingsPage::noteChange);
    for (QCheckBox *box : {m_finished, m_failed, m_offline, m_installFailed, m_tokenRejected, m_startAtLogin})
        connect(box, &QCheckBox::toggled, this, &SettingsPage::noteChange);
    connect(m_concurrency, &QSpinBox::valueChanged, this, &SettingsPage::noteChange);
}

void SettingsPage::load()
{
    m_stored = m_host.settings();
    m_stored.startAtLogin = m_autostart.isOn();
    m_folder->setText(m_stored.projectFolder);
    m_slug->setText(m_stored.slugHint);
    m_profile->setText(m_stored.profileSlug);
    m_concurrency->setValue(m_stored.maxConcurrentWorkloads);
    m_finished->setChecked(m_stored.notifyFinished);
    m_failed->setChecked(m_stored.notifyFailed);
    m_offline->setChecked(m_stored.notifyOffline);
    m_installFailed->setChecked(m_stored.notifyInstallFailed);
    m_tokenRejected->setChecked(m_stored.notifyTokenRejected);
    m_startAtLogin->setChecked(m_stored.startAtLogin);
    describeToken();
    noteChange();
}

void SettingsPage::describeToken()
{
    const bool kept = m_host.hasToken();
    m_token->setPlaceholderText(kept ? tr("A token is kept") : tr("Paste your token"));
    m_tokenHint->setText(kept ? tr("It is never shown again. Paste a new one to replace it.")
                              : tr("Create one in your Cyberwave profile and paste it here to go online."));
}

DesktopSettings SettingsPage::shown() const
{
    DesktopSettings settings;
    settings.projectFolder = m_folder->text().trimmed();
    settings.slugHint = m_slug->text().trimmed();
    settings.profileSlug = m_profile->text().trimmed();
    settings.maxConcurrentWorkloads = m_concurrency->value();
    settings.notifyFinished = m_finished->isChecked();
    settings.notifyFailed = m_failed->isChecked();
    settings.notifyOffline = m_offline->isChecked();
    settings.notifyInstallFailed = m_installFailed->isChecked();
    settings.notifyTokenRejected = m_tokenRejected->isChecked();
    settings.startAtLogin = m_startAtLogin->isChecked();
    return settings;
}

void SettingsPage::noteChange()
{
    const bool changed = shown() != m_stored || !m_token->text().trimmed().isEmpty();
    m_save->setEnabled(changed);
    if (changed)
        m_outcome->hide();
}

/// Takes over what was changed elsewhere, unless something is being edited.
void SettingsPage::showEvent(QShowEvent *event)
{
    if (!m_save->isEnabled())
        load();
    QScrollArea::showEvent(event);
}

void SettingsPage::focusToken()
{
    m_token->setFocus(Qt::OtherFocusReason);
}

Result<void> SettingsPage::store()
{
    const QString token = m_token->text().trimmed();
    const Result<void> kept = token.isEmpty() ? Result<void>() : m_host.saveToken(token);
    return kept.and_then([&] { return m_host.saveSettings(shown()); }).and_then([&] {
        return m_autostart.set(m_startAtLogin->isChecked());
    });
}

void SettingsPage::save()
{
    const NodeChoices before = nodeChoices(m_stored);
    const NodeChoices after = nodeChoices(shown());
    const bool newToken = !m_token->text().trimmed().isEmpty();
    if (const Result<void> stored = store(); !stored)
        return say(m_outcome, stored.error().text(), false);
    m_token->clear();
    load();
    say(m_outcome, tr("Saved"), true);
    emit saved(newToken || after != before);
}

void SettingsPage::testConnection()
{
    m_test->setEnabled(false);
    m_test->setText(tr("Testing…"));
    m_host.testConnection(m_token->text().trimmed(), shown(), this,
                          [this](const ConnectionTest &test) { showTest(test); });
}

void SettingsPage::showTest(const ConnectionTest &test)
{
    m_test->setEnabled(true);
    m_test->setText(tr("Test connection"));
    say(m_backend, test.backend ? tr("Backend: %1").arg(test.backend->text()) : tr("Backend: works"),
        !test.backend);
    say(m_broker, test.broker ? tr("Broker: %1").arg(test.broker->text()) : tr("Broker: works"),
        !test.broker);
}

void SettingsPage::say(QLabel *label, const QString &text, bool good)
{
    QPalette colored = palette();
    colored.setColor(QPalette::WindowText, colors::tone(palette(), good ? Tone::Good : Tone::Trouble));
    label->setPalette(colored);
    label->setText((good ? u"✓ "_s : u"✗ "_s) + Words::sentence(text));
    label->setAccessibleName(text);
    label->show();
}

} // namespace cloudnode
