#include "base/nearestword.h"

#include <algorithm>
#include <limits>
#include <vector>

namespace cloudnode {

namespace {

constexpr qsizetype longestWord = 64; // nobody mistypes more, and the table below stays small

/// Edits between two words; a swap of neighbours is one edit.
qsizetype distance(QStringView a, QStringView b)
{
    const auto columns = static_cast<size_t>(b.size()) + 1;
    std::vector<qsizetype> beforeLast(columns);
    std::vector<qsizetype> last(columns);
    std::vector<qsizetype> row(columns);
    for (size_t j = 0; j < columns; ++j)
        last[j] = static_cast<qsizetype>(j);
    for (qsizetype i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (qsizetype j = 1; j <= b.size(); ++j) {
            const auto k = static_cast<size_t>(j);
            const bool same = a[i - 1] == b[j - 1];
            row[k] = std::min({last[k] + 1, row[k - 1] + 1, last[k - 1] + (same ? 0 : 1)});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                row[k] = std::min(row[k], beforeLast[k - 2] + 1);
        }
        std::swap(beforeLast, last);
        std::swap(last, row);
    }
    return last.back();
}

} // namespace

QString nearestWord(QStringView word, const QStringList &words)
{
    if (word.size() > longestWord)
        return {};
    const QString wanted = word.toString().toLower();
    const qsizetype near = std::max<qsizetype>(1, wanted.size() / 3);
    QString nearest;
    qsizetype least = std::numeric_limits<qsizetype>::max();
    for (const QString &candidate : words) {
        const qsizetype edits = distance(wanted, candidate.toLower());
        if (edits <= near && edits < least) {
            least = edits;
            nearest = candidate;
        }
    }
    return nearest;
}

} // namespace cloudnode
