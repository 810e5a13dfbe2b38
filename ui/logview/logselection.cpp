#include "ui/logview/logselection.h"

#include <algorithm>

namespace cloudnode {

std::pair<int, int> LogSelection::columnsOf(qint64 line, int length) const
{
    const LogPosition from = first();
    const LogPosition to = last();
    if (isEmpty() || line < from.line || line > to.line)
        return {0, 0};
    const int begin = line == from.line ? std::min(from.column, length) : 0;
    const int end = line == to.line ? std::min(to.column, length) : length;
    return {begin, end};
}

} // namespace cloudnode
