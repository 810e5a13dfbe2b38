#pragma once

#include "base/error.h"

#include <QHash>
#include <QString>

namespace cloudnode {

/// What `cyberwave login` left in credentials.json. The node only reads it.
class Credentials {
public:
    /// Errors: the file and why it is of no use.
    static Result<Credentials> read(const QString &path);

    /// The value of that name; empty if there is none. CYBERWAVE_… names are looked for in "envs" first. Only
    /// texts that are not blank count, as other Cyberwave programs have it.
    QString value(const QString &name) const { return m_values.value(name); }

private:
    QHash<QString, QString> m_values;
};

} // namespace cloudnode
