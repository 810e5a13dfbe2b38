#include "base/jsonobject.h"

#include <algorithm>
#include <array>
#include <cstdio>

namespace cloudnode {

namespace {

bool isContinuation(char c)
{
    return (static_cast<unsigned char>(c) & 0xC0) == 0x80;
}

/// The bytes a character with this first byte and this second one takes; 0: no such character.
/// Source: Unicode 15, table 3-7.
std::size_t announcedLength(unsigned char first, unsigned char second)
{
    if (first < 0x80)
        return 1;
    if (first >= 0xC2 && first <= 0xDF)
        return 2;
    if (first >= 0xE0 && first <= 0xEF) {
        const bool overlong = first == 0xE0 && second < 0xA0;
        const bool surrogate = first == 0xED && second > 0x9F;
        return overlong || surrogate ? 0 : 3;
    }
    if (first >= 0xF0 && first <= 0xF4) {
        const bool overlong = first == 0xF0 && second < 0x90;
        const bool beyond = first == 0xF4 && second > 0x8F;
        return overlong || beyond ? 0 : 4;
    }
    return 0;
}

/// The length of the well-formed character `text` begins with; 0: it begins with none.
std::size_t characterLength(std::string_view text)
{
    const auto first = static_cast<unsigned char>(text[0]);
    const auto second = static_cast<unsigned char>(text.size() > 1 ? text[1] : 0);
    const std::size_t length = announcedLength(first, second);
    if (length > text.size())
        return 0;
    for (std::size_t i = 1; i < length; ++i) {
        if (!isContinuation(text[i]))
            return 0;
    }
    return length;
}

/// By byte: what does not stand for itself, or is part of a longer character.
constexpr std::array<bool, 256> special = [] {
    std::array<bool, 256> all = {};
    for (std::size_t byte = 0; byte < all.size(); ++byte)
        all[byte] = byte < 0x20 || byte >= 0x80 || byte == '"' || byte == '\\';
    return all;
}();

/// How much of it stands for itself, and is one byte each.
std::size_t plainLength(std::string_view text)
{
    const auto isSpecial = [](char c) { return special[static_cast<unsigned char>(c)]; };
    return static_cast<std::size_t>(std::find_if(text.begin(), text.end(), isSpecial) - text.begin());
}

std::string escaped(char c)
{
    if (c == '"' || c == '\\')
        return {'\\', c};
    if (static_cast<unsigned char>(c) >= 0x20)
        return {c};
    char text[8];
    std::snprintf(text, sizeof text, "\\u%04x", static_cast<unsigned>(c));
    return text;
}

void appendQuoted(std::string &json, std::string_view text)
{
    json += '"';
    for (;;) {
        const std::size_t plain = plainLength(text);
        json.append(text, 0, plain);
        text.remove_prefix(plain);
        if (text.empty())
            break;
        const std::size_t length = characterLength(text);
        if (length == 0)
            json += "\\ufffd";
        else if (length == 1)
            json += escaped(text[0]);
        else
            json += text.substr(0, length);
        text.remove_prefix(length == 0 ? 1 : length);
    }
    json += '"';
}

} // namespace

JsonObject &JsonObject::add(const char *key, std::string_view text)
{
    begin(key);
    appendQuoted(m_members, text);
    return *this;
}

JsonObject &JsonObject::add(const char *key, bool value)
{
    return addRaw(key, value ? "true" : "false");
}

JsonObject &JsonObject::add(const char *key, long long value)
{
    return addRaw(key, std::to_string(value));
}

JsonObject &JsonObject::add(const char *key, unsigned long long value)
{
    return addRaw(key, std::to_string(value));
}

JsonObject &JsonObject::addPadded(const char *key, unsigned long long value, int width)
{
    char text[32];
    std::snprintf(text, sizeof text, "%*llu", width, value);
    return addRaw(key, text);
}

JsonObject &JsonObject::add(const char *key, double value)
{
    char text[64];
    std::snprintf(text, sizeof text, "%.3f", value);
    return addRaw(key, text);
}

JsonObject &JsonObject::add(const char *key, std::optional<int> value)
{
    return value ? addRaw(key, std::to_string(*value)) : addNull(key);
}

JsonObject &JsonObject::addNull(const char *key)
{
    return addRaw(key, "null");
}

JsonObject &JsonObject::add(const char *key, const JsonObject &object)
{
    begin(key);
    m_members += '{';
    m_members += object.m_members;
    m_members += '}';
    return *this;
}

JsonObject &JsonObject::addRaw(const char *key, std::string_view json)
{
    begin(key);
    m_members += json;
    return *this;
}

JsonObject &JsonObject::addAll(const JsonObject &object)
{
    if (object.m_members.empty())
        return *this;
    separate();
    m_members += object.m_members;
    return *this;
}

void JsonObject::begin(std::string_view key)
{
    separate();
    m_members.append(1, '"').append(key).append("\":");
}

void JsonObject::separate()
{
    constexpr std::size_t usual = 500; // of our records
    if (m_members.empty())
        m_members.reserve(usual);
    else
        m_members += ',';
}

} // namespace cloudnode
