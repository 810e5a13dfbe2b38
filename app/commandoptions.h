#pragma once

#include <optional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace cloudnode {

/// What a text on the command line may be, and how the help speaks of it.
struct TextRules {
    const char *shownAs = "TEXT";
    bool isRequired = false;
    bool mayBeEmpty = true;
    std::vector<std::string> oneOf; ///< anything if empty
    struct Range {
        int least;
        int most;
    };
    std::optional<Range> numberIn; ///< it is the digits of such a number
};

/// Adds options to one command. Their values are written when the command line is read: what they are read
/// into has to be there until then. `names` are like "-f,--follow"; one without dashes is that of an
/// argument. (Only commandoptions.cpp and commandline.cpp know the library behind it, which takes a compiler
/// ten seconds.)
class CommandOptions {
public:
    explicit CommandOptions(CLI::App &command) : m_command(command) {}

    void text(const char *names, std::string &into, const char *about, const TextRules &rules = {});
    void number(const char *names, int &into, const char *about);
    void flag(const char *names, bool &into, const char *about);
    void hiddenFlag(const char *names, bool &into); ///< the help does not speak of it
    void refuseTogether(const char *one, const char *other);

private:
    CLI::App &m_command;
};

} // namespace cloudnode
