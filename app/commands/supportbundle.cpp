#include "commands/supportbundle.h"

#include "bundle/bundlecontents.h"
#include "bundle/knownsecrets.h"
#include "bundle/toolrun.h"
#include "commandline.h"
#include "console.h"
#include "node/exitcodes.h"
#include "nodesession.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QJsonDocument>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

struct SupportBundleOptions {
    std::string output; ///< empty: a new name in the current directory
    bool withOutput = false;
};

const char *const aboutTheBundle = R"(What a bug report about cloudnode needs.

versions.json        program, libraries, system
configuration.json   every setting and where it comes from
status.json          what the running node said of itself, or why there was none
journal.txt          the service's last lines in the system's journal
state/               identity, events, install script's output, records of the newest workloads
output/              end of what the newest workloads have printed; only with --with-output

Tokens and passwords that are known to the node are replaced by ****. Parameters of workloads are left out.
Look through it before you give it to anybody.
)";

/// Gathers one bundle step by step, and packs it.
class BundleRun : public QObject {
public:
    BundleRun(const NodeOptions &node, const SupportBundleOptions &options);

    int exec();

private:
    Result<void> addFiles(bool withOutput);
    void addStatus();
    void addJournal();
    void pack();
    /// Goes on with the next step, or says what is wrong and ends.
    void proceed(const Result<void> &result, void (BundleRun::*next)());
    void packed(const Result<QByteArray> &result);
    void giveUp(const Error &reason);

    ConfigRequest m_request;
    bool m_withOutput;
    BundleFolder m_folder;
    QString m_archive;
    NodeSession m_session;
    ToolRun m_journal;
    ToolRun m_tar;
};

QString bundleName()
{
    return u"cloudnode-support-"_s + QDateTime::currentDateTimeUtc().toString(u"yyyyMMdd'T'HHmmss'Z'"_s);
}

BundleRun::BundleRun(const NodeOptions &node, const SupportBundleOptions &options)
    : m_request(node.request()),
      m_withOutput(options.withOutput),
      m_folder(bundleName(), knownSecrets(m_request)),
      m_archive(QDir::current().absoluteFilePath(
          options.output.empty() ? m_folder.name() + u".tar.gz"_s
                                 : QString::fromLocal8Bit(options.output.data(),
                                                          static_cast<qsizetype>(options.output.size())))),
      m_session(node)
{
    connect(&m_journal, &ToolRun::finished, this, [this](const Result<QByteArray> &lines) {
        const QByteArray text = lines ? *lines : lines.error().text().toUtf8();
        proceed(m_folder.add(u"journal.txt"_s, text.isEmpty() ? "has no lines of the service\n" : text),
                &BundleRun::pack);
    });
    connect(&m_tar, &ToolRun::finished, this, &BundleRun::packed);
}

int BundleRun::exec()
{
    QMetaObject::invokeMethod(
        this, [this] { proceed(addFiles(m_withOutput), &BundleRun::addStatus); }, Qt::QueuedConnection);
    return m_session.exec();
}

Result<void> BundleRun::addFiles(bool withOutput)
{
    BundleContents contents(m_folder, m_request);
    return m_folder.make()
        .and_then([&] { return m_folder.add(u"README.txt"_s, aboutTheBundle); })
        .and_then([&] { return contents.addVersions(); })
        .and_then([&] { return contents.addConfiguration(); })
        .and_then([&] { return contents.addState(withOutput); });
}

void BundleRun::addStatus()
{
    m_session.tryAsking(u"node.status"_s, {}, [this](const Result<QJsonValue> &answer) {
        const QJsonObject status =
            answer ? answer->toObject() : QJsonObject{{u"no_status"_s, answer.error().text()}};
        proceed(m_folder.add(u"status.json"_s, QJsonDocument(status).toJson()), &BundleRun::addJournal);
    });
}

void BundleRun::addJournal()
{
    const QString unit = u"cyberwave-cloud-node.service"_s;
    m_journal.start(u"journalctl"_s, {u"--no-pager"_s, u"--quiet"_s, u"--output=short-iso"_s,
                                      u"--lines=2000"_s, u"--unit="_s + unit, u"--user-unit="_s + unit});
}

/// tar is on every system that cloudnode runs on, so no library is needed for this alone.
void BundleRun::pack()
{
    QFile archive(m_archive);
    // Made here, so that it is its owner's only and replaces nothing.
    if (!archive.open(QIODevice::WriteOnly | QIODevice::NewOnly, QFile::ReadOwner | QFile::WriteOwner)) {
        giveUp({u"cannot make the archive: "_s + archive.errorString(), m_archive,
                u"Name another one with --output."_s});
        return;
    }
    m_tar.start(u"tar"_s, {u"-czf"_s, m_archive, u"-C"_s, m_folder.parent(), m_folder.name()});
}

void BundleRun::proceed(const Result<void> &result, void (BundleRun::*next)())
{
    if (result)
        (this->*next)();
    else
        giveUp(result.error());
}

void BundleRun::packed(const Result<QByteArray> &result)
{
    if (!result) {
        QFile::remove(m_archive);
        giveUp(result.error());
        return;
    }
    console::print(u"%1: %2 files, secrets masked.\nLook through it before you give it to anybody."_s
                       .arg(console::printable(m_archive))
                       .arg(m_folder.files()));
    m_session.end(exitcode::ok);
}

void BundleRun::giveUp(const Error &reason)
{
    console::printError(reason);
    m_session.end(exitcode::refused);
}

} // namespace

void addSupportBundleCommand(CommandLine &line)
{
    const auto options = std::make_shared<SupportBundleOptions>();
    line.add(
        "support-bundle", "Pack what a bug report needs, secrets masked",
        [&line, options](CommandOptions command) {
            line.node().addTo(command);
            command.text("--output", options->output,
                         "The archive (default: cloudnode-support-TIME.tar.gz here)", {.shownAs = "FILE"});
            command.flag("--with-output", options->withOutput,
                         "Include the end of what workloads have printed");
        },
        [&line, options] { return BundleRun(line.node(), *options).exec(); });
}

} // namespace cloudnode
