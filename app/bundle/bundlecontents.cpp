#include "bundle/bundlecontents.h"

#include "base/version.h"
#include "config/configsources.h"
#include "config/statepaths.h"
#include "configreport.h"
#include "node/runnerlocation.h"
#include "platform/atomicfile.h"
#include "record/recordnames.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QDir>
#include <QJsonDocument>
#include <QSslSocket>
#include <QSysInfo>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

constexpr qint64 maxLogBytes = 1 << 20;
constexpr qint64 maxRecordBytes = 256 * 1024;
constexpr qint64 maxOutputBytes = 64 * 1024;
constexpr qsizetype maxWorkloads = 50;
constexpr qsizetype maxOutputs = 20;

QByteArray json(const QJsonObject &object)
{
    return QJsonDocument(object).toJson();
}

QFileInfoList newest(const QString &folder, QDir::Filters what, qsizetype most, const QStringList &names = {})
{
    const QFileInfoList all = QDir(folder).entryInfoList(names, what | QDir::NoDotAndDotDot, QDir::Time);
    return all.first(std::min(all.size(), most));
}

/// What there is, without a look inside.
QString listing(const QString &folder)
{
    QString text;
    const QFileInfoList entries = QDir(folder).entryInfoList(
        QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot, QDir::Name);
    for (const QFileInfo &entry : entries)
        text += u"%1 %2 %3 %4%5\n"_s.arg(entry.lastModified().toUTC().toString(Qt::ISODate), entry.owner())
                    .arg(entry.size(), 10)
                    .arg(entry.fileName(), entry.isDir() ? u"/"_s : QString());
    return text;
}

} // namespace

BundleContents::BundleContents(BundleFolder &folder, const ConfigRequest &request)
    : m_folder(folder),
      m_request(request),
      m_state(ConfigFolders(request).state)
{
}

Result<void> BundleContents::addVersions()
{
    const auto runner = findRunner();
    return m_folder.add(u"versions.json"_s,
                        json({{u"cloudnode"_s, QLatin1StringView(version())},
                              {u"program"_s, QCoreApplication::applicationFilePath()},
                              {u"runner"_s, runner ? *runner : runner.error().text()},
                              {u"qt"_s, QString::fromLatin1(qVersion())},
                              {u"qt_built_with"_s, QStringLiteral(QT_VERSION_STR)},
                              {u"tls"_s, QSslSocket::sslLibraryVersionString()},
                              {u"system"_s, QSysInfo::prettyProductName()},
                              {u"kernel"_s, QSysInfo::kernelType() + u' ' + QSysInfo::kernelVersion()},
                              {u"architecture"_s, QSysInfo::currentCpuArchitecture()},
                              {u"written_at"_s, QDateTime::currentDateTimeUtc().toString(Qt::ISODate)}}));
}

Result<void> BundleContents::addConfiguration()
{
    const auto loaded = loadConfig(m_request);
    if (!loaded)
        return m_folder.add(u"configuration-error.txt"_s, loaded.error().text().toUtf8() + '\n');
    return m_folder.add(u"configuration.json"_s, json(ConfigReport(*loaded).json()));
}

Result<void> BundleContents::addState(bool withOutput)
{
    const StatePaths paths(m_state);
    auto result =
        m_folder
            .add(u"state/files.txt"_s,
                 (listing(m_state) + u"\noutbox:\n"_s + listing(paths.outbox())).toUtf8())
            .and_then([&] {
                return m_folder.addTail(u"state/identity.json"_s, paths.instanceIdentity(), maxRecordBytes);
            })
            .and_then([&] { return m_folder.addTail(u"state/events.jsonl"_s, paths.events(), maxLogBytes); })
            .and_then([&] {
                return m_folder.addTail(u"state/events.jsonl.1"_s, paths.events() + u".1"_s, maxLogBytes);
            })
            .and_then([&] { return addWorkloads(paths.workloads()); });
    for (const QString &name : {u"install.stdout.log"_s, u"install.stderr.log"_s})
        result = result.and_then([&] {
            return m_folder.addTail(u"state/"_s + name, paths.workloadLogs() + u'/' + name, maxRecordBytes);
        });
    return withOutput ? result.and_then([&] { return addOutput(paths.workloadLogs()); }) : result;
}

Result<void> BundleContents::addWorkloads(const QString &folder)
{
    namespace names = recordnames;
    Result<void> result;
    for (const QFileInfo &workload : newest(folder, QDir::Dirs, maxWorkloads)) {
        result = result.and_then([&] { return addSpec(workload); });
        for (const char *file : {names::startedFile, names::exitFile, names::progressFile, names::shippedFile,
                                 "timeline.jsonl"}) {
            const QString name = workload.fileName() + u'/' + QString::fromLatin1(file);
            result = result.and_then([&] {
                return m_folder.addTail(u"state/workloads/"_s + name, folder + u'/' + name, maxRecordBytes);
            });
        }
    }
    return result;
}

/// Without the parameters: they are their sender's, and may be anything.
Result<void> BundleContents::addSpec(const QFileInfo &workload)
{
    const QString file = QLatin1StringView(recordnames::specFile);
    const QByteArray record =
        atomicfile::read(workload.filePath() + u'/' + file, maxRecordBytes).value_or(QByteArray());
    const QJsonDocument spec = QJsonDocument::fromJson(record);
    const QString name = u"state/workloads/"_s + workload.fileName() + u'/' + file;
    if (!spec.isObject())
        return m_folder.add(name, "is missing, or damaged: left out\n");
    QJsonObject known = spec.object();
    known.remove(u"params"_s);
    return m_folder.add(name, QJsonDocument(known).toJson(QJsonDocument::Compact));
}

Result<void> BundleContents::addOutput(const QString &folder)
{
    Result<void> result;
    for (const QFileInfo &log : newest(folder, QDir::Files, maxOutputs, {u"*.log"_s}))
        result = result.and_then(
            [&] { return m_folder.addTail(u"output/"_s + log.fileName(), log.filePath(), maxOutputBytes); });
    return result;
}

} // namespace cloudnode
