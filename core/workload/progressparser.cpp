#include "workload/progressparser.h"

#include <QRegularExpression>
#include <QStringList>

#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::progressparser {

namespace {

using Progress = NodeStatus::Progress;

constexpr qsizetype longestText = 200;

/// Colours and cursor movements, of which bars are full.
QString withoutEscapes(QString text)
{
    static const QRegularExpression escape(u"\x1b\\[[0-9;?]*[A-Za-z]"_s);
    text.remove(escape);
    return text;
}

/// Lines and what was drawn over them, latest first.
QStringList linesOf(const QByteArray &tail)
{
    static const QRegularExpression lineEnd(u"[\r\n]"_s);
    QStringList lines = withoutEscapes(QString::fromUtf8(tail)).split(lineEnd);
    std::reverse(lines.begin(), lines.end());
    return lines;
}

std::optional<Progress> statementOf(const QString &line)
{
    static const QRegularExpression form(uR"(^\s*CYBERWAVE_PROGRESS\s+(\S+)(?:\s+(.*))?$)"_s);
    const auto match = form.match(line);
    bool isNumber = false;
    const double fraction = match.captured(1).toDouble(&isNumber);
    if (!isNumber || !std::isfinite(fraction) || fraction < 0 || fraction > 1)
        return std::nullopt;
    return Progress{fraction, match.captured(2).trimmed().left(longestText)};
}

std::optional<Progress> barOf(const QString &line)
{
    static const QRegularExpression form(uR"(^(?:(.*?):)?\s*(\d{1,3})%\|[^|]*(?:\|\s*(.*))?$)"_s);
    const auto match = form.match(line);
    const int percent = match.captured(2).toInt();
    if (!match.hasMatch() || percent > 100)
        return std::nullopt;
    const QString text = (match.captured(1).trimmed() + u' ' + match.captured(3).trimmed()).trimmed();
    return Progress{percent / 100.0, text.left(longestText)};
}

std::optional<Progress> lastStatement(const QByteArray &tail)
{
    // The last line may be half written, and its number with it.
    const qsizetype whole = tail.lastIndexOf('\n');
    for (const QString &line : linesOf(tail.first(whole + 1))) {
        if (const auto found = statementOf(line))
            return found;
    }
    return std::nullopt;
}

std::optional<Progress> lastBar(const QByteArray &tail)
{
    for (const QString &line : linesOf(tail)) {
        if (const auto found = barOf(line))
            return found;
    }
    return std::nullopt;
}

} // namespace

std::optional<Progress> lastIn(const QByteArray &tail)
{
    const auto statement = lastStatement(tail);
    return statement ? statement : lastBar(tail);
}

std::optional<Progress> lastIn(const QByteArray &stdoutTail, const QByteArray &stderrTail)
{
    for (const auto &find : {lastStatement, lastBar}) {
        for (const QByteArray &tail : {stdoutTail, stderrTail}) {
            if (const auto found = find(tail))
                return found;
        }
    }
    return std::nullopt;
}

} // namespace cloudnode::progressparser
