#include "desktop/desktopsettingsfile.h"

#include "platform/atomicfile.h"

#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

constexpr qint64 maxBytes = 64 * 1024;

} // namespace

DesktopSettings DesktopSettingsFile::read() const
{
    const QJsonObject json =
        QJsonDocument::fromJson(atomicfile::read(m_path, maxBytes).value_or(QByteArray())).object();
    const QJsonObject notify = json["notify"_L1].toObject();
    const DesktopSettings usual;
    return {
        .projectFolder = json["project_folder"_L1].toString(),
        .slugHint = json["slug_hint"_L1].toString(),
        .profileSlug = json["profile_slug"_L1].toString(),
        .maxConcurrentWorkloads = qMax(0, json["max_concurrent_workloads"_L1].toInt()),
        .notifyFinished = notify["finished"_L1].toBool(usual.notifyFinished),
        .notifyFailed = notify["failed"_L1].toBool(usual.notifyFailed),
        .notifyOffline = notify["offline"_L1].toBool(usual.notifyOffline),
        .notifyInstallFailed = notify["install_failed"_L1].toBool(usual.notifyInstallFailed),
        .notifyTokenRejected = notify["token_rejected"_L1].toBool(usual.notifyTokenRejected),
    };
}

Result<void> DesktopSettingsFile::write(const DesktopSettings &settings) const
{
    const QJsonObject json{
        {u"project_folder"_s, settings.projectFolder},
        {u"slug_hint"_s, settings.slugHint},
        {u"profile_slug"_s, settings.profileSlug},
        {u"max_concurrent_workloads"_s, settings.maxConcurrentWorkloads},
        {u"notify"_s, QJsonObject{{u"finished"_s, settings.notifyFinished},
                                  {u"failed"_s, settings.notifyFailed},
                                  {u"offline"_s, settings.notifyOffline},
                                  {u"install_failed"_s, settings.notifyInstallFailed},
                                  {u"token_rejected"_s, settings.notifyTokenRejected}}},
    };
    return atomicfile::makePrivateFolder(QFileInfo(m_path).path()).and_then([&] {
        return atomicfile::write(m_path, QJsonDocument(json).toJson(QJsonDocument::Indented));
    });
}

} // namespace cloudnode
