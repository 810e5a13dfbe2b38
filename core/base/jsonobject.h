#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace cloudnode {

/// Writes one JSON object, the form of all our records. Text that is no UTF-8 (paths may be anything)
/// gets U+FFFD in place of each wrong byte; keys are written as they are.
class JsonObject {
public:
    JsonObject &add(const char *key, std::string_view text);
    JsonObject &add(const char *key, const std::string &text) { return add(key, std::string_view(text)); }
    JsonObject &add(const char *key, const char *text) { return add(key, std::string_view(text)); }
    JsonObject &add(const char *key, bool value);
    JsonObject &add(const char *key, long long value);
    JsonObject &add(const char *key, unsigned long long value);
    /// Right-aligned in `width` characters, so that another number can be written in its place.
    JsonObject &addPadded(const char *key, unsigned long long value, int width);
    JsonObject &add(const char *key, double value); ///< finite; three decimals
    JsonObject &add(const char *key, std::optional<int> value);
    JsonObject &addNull(const char *key);
    JsonObject &add(const char *key, const JsonObject &object);
    JsonObject &addRaw(const char *key, std::string_view json); ///< a value as text
    JsonObject &addAll(const JsonObject &object);               ///< its members

    std::string text() const { return "{" + m_members + "}"; }
    /// What is between the braces, so far.
    std::string_view members() const { return m_members; }
    /// The object and a line break.
    std::string line() const { return text() + "\n"; }

private:
    void begin(std::string_view key);
    void separate();

    std::string m_members;
};

} // namespace cloudnode
