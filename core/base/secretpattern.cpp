#include "base/secretpattern.h"

#include <QString>
#include <QVarLengthArray>

#include <algorithm>
#include <array>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

using Spellings = QList<QByteArray>;

/// `prefix` and two hexadecimal digits for each byte.
QByteArray bytewise(QByteArrayView bytes, const char *prefix)
{
    constexpr char digits[] = "0123456789abcdef";
    QByteArray text;
    for (const char byte : bytes) {
        const auto value = static_cast<uchar>(byte);
        text.append(prefix).append(digits[value >> 4]).append(digits[value & 0xF]);
    }
    return text;
}

QByteArray inUtf16(QStringView letter)
{
    QByteArray text;
    for (const QChar unit : letter)
        text += "\\u" + QByteArray::number(unit.unicode(), 16).rightJustified(4, '0');
    return text;
}

Spellings spellingsOf(const QString &letter)
{
    const QByteArray utf8 = letter.toUtf8();
    Spellings all = {utf8, bytewise(utf8, "%"), inUtf16(letter), bytewise(utf8, "\\x")};
    if (QByteArrayView("\"\\/'").contains(utf8.at(0)))
        all << '\\' + utf8;
    if (utf8 == " ")
        all << "+";
    return all;
}

/// The letters of two alphabets (RFC 4648, 4 and 5), and how else they are written.
Spellings base64SpellingsOf(char letter)
{
    Spellings all = {QByteArray(1, letter), bytewise(QByteArrayView(&letter, 1), "%")};
    if (letter == '+')
        all << "-"
            << "\\u002b";
    if (letter == '/')
        all << "_"
            << "\\/";
    return all;
}

/// They are the same for every secret.
const Spellings &spellingsInBase64(char letter)
{
    static const auto all = [] {
        std::array<Spellings, 128> table;
        for (const char each : "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"_ba)
            table.at(static_cast<std::size_t>(each)) = base64SpellingsOf(each);
        return table;
    }();
    return all.at(static_cast<std::size_t>(letter));
}

constexpr std::array<QByteArrayView, 3> lineBreaks = {"\n", "\r\n", "\\n"};
constexpr qsizetype longestLineBreak = 2;

using Places = QVarLengthArray<qsizetype, 4>;

bool isSame(QByteArrayView spelling, QByteArrayView text)
{
    if (spelling.size() == 1)
        return spelling.front() == text.front();
    return spelling.compare(text, Qt::CaseInsensitive) == 0;
}

/// Adds the place behind the spelling, if that is what stands at `place`. True if the text ends before it is
/// decided.
bool follow(QByteArrayView spelling, QByteArrayView text, qsizetype place, Places &places)
{
    const QByteArrayView rest = text.sliced(place);
    const qsizetype there = std::min(spelling.size(), rest.size());
    if (there > 0 && !isSame(spelling.first(there), rest.first(there)))
        return false;
    if (there == spelling.size() && !places.contains(place + there))
        places.append(place + there);
    return there < spelling.size();
}

} // namespace

QList<SecretPattern> SecretPattern::shapesOf(const QByteArray &secret)
{
    return {ofText(secret), ofBase64(secret, 0), ofBase64(secret, 1), ofBase64(secret, 2)};
}

SecretPattern SecretPattern::ofText(const QByteArray &secret)
{
    SecretPattern pattern;
    const QList<uint> letters = QString::fromUtf8(secret).toUcs4();
    for (const uint letter : letters)
        pattern.m_letters << spellingsOf(QString::fromUcs4(reinterpret_cast<const char32_t *>(&letter), 1));
    return pattern;
}

SecretPattern SecretPattern::ofBase64(const QByteArray &secret, int bytesBefore)
{
    // Letters of six bits each: only those count of which no bit belongs to a neighbour.
    const QByteArray encoded = (QByteArray(bytesBefore, '\0') + secret).toBase64();
    const qsizetype first = (8 * bytesBefore + 5) / 6;
    const qsizetype behind = 8 * (bytesBefore + secret.size()) / 6;
    SecretPattern pattern;
    pattern.m_inLines = true;
    for (const char letter : encoded.sliced(first, behind - first))
        pattern.m_letters << spellingsInBase64(letter);
    return pattern;
}

SecretPattern::Match SecretPattern::matchAt(QByteArrayView text, qsizetype at) const
{
    // More than one place at a time: a backslash, say, may stand for itself or begin an escape.
    Places places = {at};
    Match unless; // one of the ways goes on to the end
    for (qsizetype i = 0; i < m_letters.size(); ++i) {
        const auto goOn = [&](QByteArrayView spelling, qsizetype place, Places &next) {
            if (follow(spelling, text, place, next))
                unless = {Match::Kind::Beginning, 0, i};
        };
        if (m_inLines && i > 0) {
            for (const qsizetype place : Places(places)) {
                for (const QByteArrayView lineBreak : lineBreaks)
                    goOn(lineBreak, place, places);
            }
        }
        Places next;
        for (const qsizetype place : places) {
            for (const QByteArray &spelling : m_letters[i])
                goOn(spelling, place, next);
        }
        if (next.isEmpty())
            return unless;
        places = next;
    }
    return {Match::Kind::Whole, *std::max_element(places.cbegin(), places.cend()), 0};
}

std::bitset<256> SecretPattern::firstBytes() const
{
    std::bitset<256> bytes;
    for (const QByteArray &spelling : m_letters.first()) {
        for (const QByteArray &either : {spelling, spelling.toLower(), spelling.toUpper()})
            bytes.set(static_cast<uchar>((spelling.size() == 1 ? spelling : either).front()));
    }
    return bytes;
}

qsizetype SecretPattern::longest() const
{
    qsizetype sum = m_inLines ? longestLineBreak * (m_letters.size() - 1) : 0;
    for (const Spellings &spellings : m_letters)
        sum += std::max_element(spellings.cbegin(), spellings.cend(), [](const auto &a, const auto &b) {
                   return a.size() < b.size();
               })->size();
    return sum;
}

} // namespace cloudnode
