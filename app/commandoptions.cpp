#include "commandoptions.h"

#include <CLI/CLI.hpp>

namespace cloudnode {

void CommandOptions::text(const char *names, std::string &into, const char *about, const TextRules &rules)
{
    CLI::Option *option =
        m_command.add_option(names, into, about)->type_name(rules.shownAs)->required(rules.isRequired);
    if (!rules.mayBeEmpty)
        option->check(CLI::Validator([](std::string &text) { return text.empty() ? "is empty" : ""; }, ""));
    if (!rules.oneOf.empty())
        option->check(CLI::IsMember(rules.oneOf));
    if (rules.numberIn)
        option->check(CLI::Range(rules.numberIn->least, rules.numberIn->most));
}

void CommandOptions::number(const char *names, int &into, const char *about)
{
    m_command.add_option(names, into, about);
}

void CommandOptions::flag(const char *names, bool &into, const char *about)
{
    m_command.add_flag(names, into, about);
}

void CommandOptions::hiddenFlag(const char *names, bool &into)
{
    m_command.add_flag(names, into)->group("");
}

void CommandOptions::refuseTogether(const char *one, const char *other)
{
    m_command.get_option(one)->excludes(other);
}

} // namespace cloudnode
