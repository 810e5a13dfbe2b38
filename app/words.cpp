#include "words.h"

#include <array>
#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::words {

namespace {

QString none()
{
    return u"-"_s;
}

/// Two units, the smaller one with two digits.
QString twoUnits(qint64 amount, qint64 factor, const QString &pattern)
{
    return pattern.arg(amount / factor).arg(amount % factor, 2, 10, QChar(u'0'));
}

QDateTime timeOf(const QJsonValue &iso)
{
    return QDateTime::fromString(iso.toString(), Qt::ISODateWithMs);
}

} // namespace

QString duration(double seconds)
{
    if (seconds < 59.95)
        return u"%1 s"_s.arg(std::max(seconds, 0.0), 0, 'f', 1);
    const auto whole = static_cast<qint64>(std::llround(seconds));
    if (whole < 3600)
        return twoUnits(whole, 60, u"%1 min %2 s"_s);
    if (whole < 86'400)
        return twoUnits(whole / 60, 60, u"%1 h %2 min"_s);
    return twoUnits(whole / 3600, 24, u"%1 d %2 h"_s);
}

QString duration(const QJsonValue &seconds)
{
    return seconds.isDouble() ? duration(seconds.toDouble()) : none();
}

QString bytes(double count)
{
    static const std::array units = {u"B"_s, u"KiB"_s, u"MiB"_s, u"GiB"_s, u"TiB"_s};
    size_t unit = 0;
    for (; count >= 1024 && unit + 1 < units.size(); ++unit)
        count /= 1024;
    return u"%1 %2"_s.arg(count, 0, 'f', unit == 0 ? 0 : 1).arg(units[unit]);
}

QString time(const QJsonValue &iso)
{
    const QDateTime at = timeOf(iso).toLocalTime();
    if (!at.isValid())
        return none();
    const bool today = at.date() == QDate::currentDate();
    return at.toString(today ? u"HH:mm:ss"_s : u"yyyy-MM-dd HH:mm:ss"_s);
}

QString age(const QJsonValue &iso)
{
    const QDateTime at = timeOf(iso);
    if (!at.isValid())
        return none();
    return duration(static_cast<double>(at.msecsTo(QDateTime::currentDateTimeUtc())) / 1000) + u" ago"_s;
}

QString plain(const QJsonValue &value)
{
    const QString text = value.toVariant().toString();
    return text.isEmpty() ? none() : text;
}

QString yesNo(bool truth)
{
    return truth ? u"yes"_s : u"no"_s;
}

QString controlPlane(const QString &name)
{
    return name.toUpper();
}

} // namespace cloudnode::words
