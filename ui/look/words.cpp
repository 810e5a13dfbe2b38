#include "ui/look/words.h"

#include <QLocale>

#include <algorithm>
#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

constexpr qint64 minute = 60;
constexpr qint64 hour = 60 * minute;
constexpr qint64 day = 24 * hour;

qint64 whole(double seconds)
{
    return std::max<qint64>(0, static_cast<qint64>(std::floor(seconds)));
}

} // namespace

QString Words::elapsed(double seconds)
{
    const qint64 all = whole(seconds);
    return u"%1:%2:%3"_s.arg(all / hour)
        .arg(all % hour / minute, 2, 10, QChar(u'0'))
        .arg(all % minute, 2, 10, QChar(u'0'));
}

QString Words::span(double seconds)
{
    const qint64 all = whole(seconds);
    if (all < minute)
        return tr("%1 s").arg(all);
    if (all < hour)
        return tr("%1 min").arg(all / minute);
    if (all < day)
        return tr("%1 h %2 min").arg(all / hour).arg(all % hour / minute);
    return tr("%1 d %2 h").arg(all / day).arg(all % day / hour);
}

QString Words::ago(const QDateTime &then, const QDateTime &now)
{
    if (!then.isValid())
        return {};
    const double seconds = static_cast<double>(then.msecsTo(now)) / 1000;
    return seconds < 1 ? tr("just now") : tr("%1 ago").arg(span(seconds));
}

QString Words::absolute(const QDateTime &moment)
{
    return moment.isValid() ? QLocale().toString(moment.toLocalTime(), QLocale::LongFormat) : QString();
}

QString Words::bytes(qint64 count)
{
    return QLocale().formattedDataSize(count, count < 1'000'000 ? 0 : 1, QLocale::DataSizeSIFormat);
}

QString Words::percent(double fraction)
{
    return tr("%1 %").arg(std::lround(fraction * 100));
}

QString Words::milliseconds(double seconds)
{
    return seconds < 10 ? tr("%1 ms").arg(std::lround(seconds * 1000)) : span(seconds);
}

QString Words::sentence(const QString &text)
{
    const qsizetype space = text.indexOf(u' ');
    const QStringView word = QStringView(text).first(space < 0 ? text.size() : space);
    const bool isWord = std::all_of(word.begin(), word.end(), [](QChar each) { return each.isLower(); });
    return isWord && !word.isEmpty() ? text.front().toUpper() + text.mid(1) : text;
}

QString Words::type(const QString &name)
{
    if (name == "inference"_L1)
        return tr("Inference");
    if (name == "training"_L1)
        return tr("Training");
    return name == "simulate"_L1 ? tr("Simulation") : name;
}

} // namespace cloudnode
