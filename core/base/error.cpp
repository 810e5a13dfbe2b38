#include "base/error.h"

#include <system_error>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

QString Error::text() const
{
    QString line;
    if (!where.isEmpty())
        line += where + u": "_s;
    line += what;
    if (!remedy.isEmpty())
        line += u". "_s + remedy;
    return line;
}

QString systemError(int errnoValue)
{
    return QString::fromStdString(std::system_category().message(errnoValue));
}

} // namespace cloudnode
