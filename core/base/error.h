#pragma once

#include <QString>

#include <tl/expected.hpp>

namespace cloudnode {

/// What went wrong, told to a person with a broken node. The one error type of every room.
struct Error {
    QString what;  ///< what is wrong, a clause without a full stop: "mqtt_port is 70000, expected 1 to 65535"
    QString where; ///< file with line, URL, topic or path it was found at; empty if there is none
    QString remedy; ///< what to do about it, a full sentence; empty if nothing is known to help

    /// All three in one line: "cyberwave.yml:7: mqtt_port is 70000, … Use the broker's port."
    QString text() const;

    bool operator==(const Error &other) const = default;
};

/// A value, or why there is none.
template <typename T>
using Result = tl::expected<T, Error>;

/// The failing half of a Result: `return fail(u"no such file"_s, path);`
inline tl::unexpected<Error> fail(QString what, QString where = {}, QString remedy = {})
{
    return tl::make_unexpected(Error{std::move(what), std::move(where), std::move(remedy)});
}

/// The system's words for `errnoValue`, such as "No space left on device".
QString systemError(int errnoValue);

} // namespace cloudnode
