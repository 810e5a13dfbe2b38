#include "runner/options.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <initializer_list>
#include <map>
#include <string_view>

namespace cloudnode {

namespace {

constexpr long long longestSeconds = 1'000'000'000; // three decades; keeps every sum of times in range
constexpr long long mostMebibytes = 1LL << 40;
constexpr long long mostPercent = 1'000'000;
constexpr long long mostProcesses = 1 << 22; // PID_MAX_LIMIT

/// The `--name value` pairs of a command line, each to be taken once.
class Values {
public:
    /// Reads pairs up to `--` or the end. Returns the word that is no option, or nothing.
    std::string readFrom(char **&word)
    {
        while (*word && std::strcmp(*word, "--") != 0) {
            if (std::strncmp(*word, "--", 2) != 0 || !word[1])
                return *word;
            m_values[*word] = word[1];
            word += 2;
        }
        return {};
    }
    std::string text(const char *name)
    {
        const auto found = m_values.extract(name);
        if (found.empty() || found.mapped().empty())
            complain(name);
        return found.empty() ? std::string() : found.mapped();
    }
    long long number(const char *name, long long least, long long most)
    {
        const std::string word = text(name);
        long long value = 0;
        const auto [end, problem] = std::from_chars(word.data(), word.data() + word.size(), value);
        if (problem != std::errc() || end != word.data() + word.size() || value < least || value > most)
            complain(name);
        return value;
    }
    /// The same for an option that may be missing.
    long long numberOr(const char *name, long long most, long long otherwise)
    {
        return m_values.contains(name) ? number(name, 0, most) : otherwise;
    }
    std::string textOr(const char *name, const std::string &otherwise)
    {
        return m_values.contains(name) ? text(name) : otherwise;
    }
    std::chrono::seconds seconds(const char *name, std::chrono::seconds otherwise)
    {
        return m_values.contains(name) ? std::chrono::seconds(number(name, 0, longestSeconds)) : otherwise;
    }
    /// One of these words, or nothing if the option is missing.
    std::string oneOf(const char *name, std::initializer_list<const char *> words)
    {
        std::string word = textOr(name, {});
        if (!word.empty() && std::find(words.begin(), words.end(), word) == words.end())
            complain(name);
        return word;
    }
    /// The first wrong or missing option, else one that nobody took.
    std::string problem() const
    {
        return !m_problem.empty() || m_values.empty() ? m_problem : m_values.begin()->first;
    }

private:
    void complain(const char *name)
    {
        if (m_problem.empty())
            m_problem = name;
    }

    std::map<std::string, std::string> m_values;
    std::string m_problem;
};

void readLimits(Values &values, StartOptions &options)
{
    const long long bytes = values.numberOr("--memory-mib", mostMebibytes, 0) << 20;
    options.limits.memoryBytes = bytes;
    options.limits.niceness = static_cast<int>(values.numberOr("--nice", 19, 0));
    options.limits.ioClass = values.oneOf("--io-class", {"best-effort", "idle"});
    options.limits.noNewPrivileges = values.numberOr("--no-new-privileges", 1, 0) == 1;
    options.limits.cgroup = values.textOr("--cgroup", {});
    options.cgroupLimits.memoryBytes = bytes;
    options.cgroupLimits.cpuPercent = static_cast<int>(values.numberOr("--cpu-percent", mostPercent, 0));
    options.cgroupLimits.processes = static_cast<int>(values.numberOr("--processes", mostProcesses, 0));
}

StartOptions startOptions(Values &values, char **rest)
{
    StartOptions options;
    options.directory = values.text("--dir");
    options.stdoutPath = values.text("--stdout");
    options.stderrPath = values.text("--stderr");
    options.workingDirectory = values.text("--cwd");
    options.timeout = values.seconds("--timeout", options.timeout);
    options.grace = values.seconds("--grace", options.grace);
    readLimits(values, options);
    options.program = *rest ? rest + 1 : rest;
    return options;
}

EndOptions endOptions(Values &values)
{
    EndOptions options;
    options.pid = static_cast<pid_t>(values.number("--pid", 2, INT32_MAX));
    options.startTicks = static_cast<std::uint64_t>(values.number("--ticks", 0, INT64_MAX));
    options.signal = static_cast<int>(values.number("--signal", 1, 31));
    options.grace = values.seconds("--grace", options.grace);
    return options;
}

} // namespace

tl::expected<Options, std::string> parseOptions(int argc, char **argv)
{
    const std::string_view verb = argc > 1 ? argv[1] : "";
    if (verb == "serve" && argc == 2)
        return ServeOptions{};
    if (verb != "start" && verb != "end")
        return tl::make_unexpected(std::string("expected start or end"));
    char **word = argv + 2;
    Values values;
    if (const std::string wrong = values.readFrom(word); !wrong.empty())
        return tl::make_unexpected("unexpected word: " + wrong);
    const Options options =
        verb == "start" ? Options(startOptions(values, word)) : Options(endOptions(values));
    if (!values.problem().empty())
        return tl::make_unexpected("missing, wrong or unknown option: " + values.problem());
    const auto *start = std::get_if<StartOptions>(&options);
    if (start && !*start->program)
        return tl::make_unexpected(std::string("no program given after --"));
    return options;
}

} // namespace cloudnode
