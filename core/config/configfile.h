#pragma once

#include "base/error.h"

#include <QByteArray>
#include <QHash>
#include <QList>
#include <QString>

#include <optional>

namespace cloudnode {

/// What stands behind one key of a configuration file, and where.
struct FileValue {
    enum class Shape { Nothing, Text, List, Mapping };
    Shape shape = Shape::Nothing;
    QString text;        ///< as it is written, without the quotes
    bool quoted = false; ///< quoted or a block: certainly meant as a text
    int line = 0;        ///< of the key, from 1
};

/// The section of cyberwave.yml, or of a README's front matter, that is meant for this node. Its values are
/// not judged here, only its form.
struct ConfigFile {
    static constexpr qint64 maxBytes = 1 << 20;

    QString name;                     ///< as it is called in messages
    QHash<QString, FileValue> values; ///< known keys only
    QList<Error> warnings;            ///< unknown, repeated and misplaced keys
    QList<Error> notes;               ///< keys that are meant for other programs

    /// The key may stand below `cyberwave-cloud-node:`, below `cyberwave:`, or at the top.
    /// Errors: no YAML, or no mapping, with the line.
    static Result<ConfigFile> parse(const QByteArray &yaml, const QString &name);
    /// The same for the front matter of a Markdown file: what stands between a first line `---` and the next
    /// such line. None unless it has one of the two keys above, or consists of known keys: many a README has
    /// front matter that is meant for somebody else.
    static std::optional<ConfigFile> parseFrontMatter(const QByteArray &markdown, const QString &name);

    /// "cyberwave.yml:7"
    QString place(const FileValue &value) const;
};

} // namespace cloudnode
