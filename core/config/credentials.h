#pragma once

#include "base/error.h"

#include <QHash>
#include <QString>

namespace cloudnode {

/// What `cyberwave login` left in credentials.json. The node only reads it; the settings of the desktop keep
/// their token there.
class Credentials {
public:
    /// Errors: the file and why it is of no use.
    static Result<Credentials> read(const QString &path);
    /// Keeps a token, mode 0600, in the layout of `cyberwave login`; what else the file holds stays as it is.
    /// Errors: a file that is there but no JSON object (it is left alone), or that cannot be written.
    static Result<void> storeToken(const QString &path, const QString &token);

    /// The value of that name; empty if there is none. CYBERWAVE_… names are looked for in "envs" first. Only
    /// texts that are not blank count, as other Cyberwave programs have it.
    QString value(const QString &name) const { return m_values.value(name); }

private:
    QHash<QString, QString> m_values;
};

} // namespace cloudnode
