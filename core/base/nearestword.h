#pragma once

#include <QString>
#include <QStringList>

namespace cloudnode {

/// The one of `words` that somebody who wrote `word` most likely meant: the one with the fewest letters to
/// insert, remove, change or swap. Empty if none is near, which is more than a third of the letters away.
QString nearestWord(QStringView word, const QStringList &words);

} // namespace cloudnode
