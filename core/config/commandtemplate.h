#pragma once

#include "base/error.h"
#include "config/nodeconfig.h"

#include <QByteArray>
#include <QList>
#include <QString>

namespace cloudnode {

/// The command of cyberwave.yml for one type of workload, with its placeholders found and judged.
///
/// {body}, {body_file} and {request_id} stand for words that come from outside. Each is put in as one word in
/// single quotes, whatever it holds, so the shell runs none of it. Where the shell would see such quotes
/// differently (within other quotes, say), a placeholder is refused when the configuration is read. What the
/// command itself then does with the word is its own affair.
/// All other braces stay as they are, and so do placeholders within comments.
class CommandTemplate {
public:
    /// The longest command that render() makes. Linux starts no program with an argument of 128 KiB or more,
    /// and the whole command is one argument of the shell; a little is left for whoever adds to it.
    static constexpr qsizetype maxCommandBytes = 127 * 1024;

    /// Errors: a placeholder stands where its content could be read as shell text; why, and what to write.
    static Result<CommandTemplate> parse(const QString &text);

    /// The command to hand to the shell. {body} is `bodyJson` (UTF-8), or `bodyFile` with BodyMode::File;
    /// {body_file} is always `bodyFile`. The inserted words are not searched for placeholders.
    /// Errors: longer than maxCommandBytes, naming the way out; a NUL, which no argument can hold.
    Result<QString> render(const QByteArray &bodyJson, const QString &bodyFile, const QString &requestId,
                           BodyMode mode) const;

private:
    enum class Placeholder { None, Body, BodyFile, RequestId };
    struct Piece {
        QString text; ///< with Placeholder::None
        Placeholder placeholder = Placeholder::None;
    };

    CommandTemplate() = default;
    static Piece placeholderAt(QStringView text);

    QList<Piece> m_pieces;
};

} // namespace cloudnode
