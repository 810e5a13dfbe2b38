#include "base/secretpattern.h"

#include <QString>
#include <QVarLengthArray>

#include <algorithm>
#include <array>

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

/// Lines of base64 are broken anywhere.
Spellings orInTheNextLine(const Spellings &spellings)
{
    Spellings all = spellings;
    for (const QByteArray &spelling : spellings) {
        for (const char *const lineBreak : {"\n", "\r\n", "\\n"})
            all << QByteArray(lineBreak).append(spelling);
    }
    return all;
}

} // namespace

/// A secret has hundreds of letters, but they are 64 at the most; a short one has fewer.
class SecretPattern::FurtherLetters {
public:
    const Spellings &of(char letter)
    {
        Spellings &known = m_known.at(static_cast<std::size_t>(letter));
        if (known.isEmpty())
            known = orInTheNextLine(base64SpellingsOf(letter));
        return known;
    }

private:
    std::array<Spellings, 128> m_known;
};

namespace {

bool isSame(QByteArrayView spelling, QByteArrayView text)
{
    if (spelling.size() == 1)
        return spelling.front() == text.front();
    return spelling.compare(text, Qt::CaseInsensitive) == 0;
}

} // namespace

QList<SecretPattern> SecretPattern::shapesOf(const QByteArray &secret)
{
    FurtherLetters further;
    return {ofText(secret), ofBase64(secret, 0, further), ofBase64(secret, 1, further),
            ofBase64(secret, 2, further)};
}

SecretPattern SecretPattern::ofText(const QByteArray &secret)
{
    SecretPattern pattern;
    const QList<uint> letters = QString::fromUtf8(secret).toUcs4();
    for (const uint letter : letters)
        pattern.m_letters << spellingsOf(QString::fromUcs4(reinterpret_cast<const char32_t *>(&letter), 1));
    return pattern;
}

SecretPattern SecretPattern::ofBase64(const QByteArray &secret, int bytesBefore, FurtherLetters &further)
{
    // Letters of six bits each: only those count of which no bit belongs to a neighbour.
    const QByteArray encoded = (QByteArray(bytesBefore, '\0') + secret).toBase64();
    const qsizetype first = (8 * bytesBefore + 5) / 6;
    const qsizetype behind = 8 * (bytesBefore + secret.size()) / 6;
    SecretPattern pattern;
    for (const char letter : encoded.sliced(first, behind - first))
        pattern.m_letters << (pattern.m_letters.isEmpty() ? base64SpellingsOf(letter) : further.of(letter));
    return pattern;
}

SecretPattern::Match SecretPattern::matchAt(QByteArrayView text, qsizetype at) const
{
    // More than one place at a time: a backslash, say, may stand for itself or begin an escape.
    QVarLengthArray<qsizetype, 4> places = {at};
    Match unless; // one of the ways goes on to the end
    for (qsizetype i = 0; i < m_letters.size(); ++i) {
        QVarLengthArray<qsizetype, 4> next;
        for (const qsizetype place : places) {
            const QByteArrayView rest = text.sliced(place);
            for (const QByteArray &spelling : m_letters[i]) {
                const qsizetype there = std::min(spelling.size(), rest.size());
                if (there > 0 && !isSame(QByteArrayView(spelling).first(there), rest.first(there)))
                    continue;
                if (there < spelling.size())
                    unless = {Match::Kind::Beginning, 0, i};
                else if (!next.contains(place + there))
                    next.append(place + there);
            }
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
    qsizetype sum = 0;
    for (const Spellings &spellings : m_letters)
        sum += std::max_element(spellings.cbegin(), spellings.cend(), [](const auto &a, const auto &b) {
                   return a.size() < b.size();
               })->size();
    return sum;
}

} // namespace cloudnode
