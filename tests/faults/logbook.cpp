#include "faults/logbook.h"

#include <QRegularExpression>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::faults {

const QRegularExpression &markPattern()
{
    static const QRegularExpression pattern(u"<([a-z]+[-0-9]+[#!])([0-9]+)>"_s);
    return pattern;
}

void Logbook::note(const QJsonObject &event)
{
    const QString content = event.value("log_content"_L1).toString();
    m_bytes += content.toUtf8().size();
    for (const QRegularExpressionMatch &match : markPattern().globalMatch(content))
        noteMark(match.captured(1), match.capturedView(2).toInt());
}

void Logbook::noteMark(const QString &stream, int number)
{
    Place &place = m_places[stream];
    if (number > place.highest + 1)
        ++m_gaps;
    else if (number != place.last + 1)
        ++m_rewinds;
    if (number <= place.highest)
        ++m_repeated;
    place.last = number;
    place.highest = std::max(place.highest, number);
}

} // namespace cloudnode::faults
