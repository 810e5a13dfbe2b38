#include "configreport.h"

#include "console.h"

#include <QJsonArray>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

QJsonArray jsonErrors(const QList<Error> &errors)
{
    QJsonArray json;
    for (const Error &error : errors)
        json.append(
            QJsonObject{{u"what"_s, error.what}, {u"where"_s, error.where}, {u"remedy"_s, error.remedy}});
    return json;
}

} // namespace

QString ConfigReport::shownValue(const EffectiveSetting &setting) const
{
    if (setting.value.isNull())
        return u"not set"_s;
    const QString value = setting.value.toVariant().toString();
    if (setting.secret)
        return u"set (••••, %1 characters)"_s.arg(value.size());
    return console::printable(masked(value).trimmed()).replace(u'\n', u" ⏎ "_s);
}

QString ConfigReport::text() const
{
    constexpr qsizetype widestAligned = 48; // longer values push their origin aside, not everybody's
    qsizetype keyWidth = 0;
    qsizetype valueWidth = 0;
    for (const EffectiveSetting &setting : m_loaded.settings) {
        keyWidth = std::max(keyWidth, setting.key.size());
        valueWidth = std::max(valueWidth, std::min(shownValue(setting).size(), widestAligned));
    }
    const auto line = [&](const QString &key, const QString &value, const QString &origin) {
        return key.leftJustified(keyWidth) + u"  "_s + value.leftJustified(valueWidth) + u"  "_s + origin;
    };
    QStringList lines = {line(u"SETTING"_s, u"VALUE"_s, u"FROM"_s)};
    for (const EffectiveSetting &setting : m_loaded.settings)
        lines << line(setting.key, shownValue(setting), console::printable(setting.origin));
    const QString file = m_loaded.configFile.isEmpty() ? u"none"_s : console::printable(m_loaded.configFile);
    lines << QString() << u"Configuration file: "_s + file;
    return lines.join(u'\n');
}

QJsonObject ConfigReport::jsonValue(const EffectiveSetting &setting) const
{
    QJsonObject json = {{u"origin"_s, setting.origin}};
    if (setting.secret) {
        json[u"secret"_s] = true;
        json[u"set"_s] = !setting.value.isNull();
        json[u"characters"_s] = setting.value.toString().size();
    } else {
        json[u"value"_s] = setting.value.isString() ? masked(setting.value.toString()) : setting.value;
    }
    return json;
}

QJsonObject ConfigReport::json() const
{
    QJsonObject settings;
    for (const EffectiveSetting &setting : m_loaded.settings)
        settings[setting.key] = jsonValue(setting);
    return {{u"config_file"_s, m_loaded.configFile.isEmpty() ? QJsonValue() : m_loaded.configFile},
            {u"settings"_s, settings},
            {u"warnings"_s, jsonErrors(m_loaded.warnings)},
            {u"notes"_s, jsonErrors(m_loaded.notes)}};
}

} // namespace cloudnode
