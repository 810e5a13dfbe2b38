#include "sandbox/faults.h"

#include <algorithm>
#include <array>
#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::sandbox {

namespace {

using Kind = Fault::Kind;

constexpr int longestDelay = 600'000; // ms

struct Word {
    Kind kind;
    const char16_t *name;
};
constexpr std::array words = {Word{Kind::Hang, u"hang"}, Word{Kind::Close, u"close"},
                              Word{Kind::BadJson, u"badjson"}, Word{Kind::Empty, u"empty"},
                              Word{Kind::Html, u"html"}};

std::optional<int> wholeNumber(const QString &text, int lowest, int highest)
{
    bool isNumber = false;
    const int number = text.toInt(&isNumber);
    if (!isNumber || number < lowest || number > highest)
        return std::nullopt;
    return number;
}

/// Sets kind, status and delay; false if `text` is none of the known effects.
bool readEffect(const QString &text, Fault &fault)
{
    for (const Word &word : words) {
        if (text == QStringView(word.name)) {
            fault.kind = word.kind;
            return true;
        }
    }
    const QString slow = u"slow="_s;
    const auto delay =
        text.startsWith(slow) ? wholeNumber(text.mid(slow.size()), 0, longestDelay) : std::nullopt;
    const auto status = wholeNumber(text, 300, 599);
    fault.kind = delay ? Kind::Slow : Kind::Status;
    fault.delay = std::chrono::milliseconds(delay.value_or(0));
    fault.status = status.value_or(0);
    return delay || status;
}

} // namespace

Result<Fault> Fault::parse(const QString &text)
{
    const QString help =
        u"Write OPERATION=STATUS[:COUNT], such as register=503:3; STATUS is 300 to 599, hang, "
        "close, badjson, empty, html or slow=MILLISECONDS."_s;
    const qsizetype equals = text.indexOf(u'=');
    const auto operation = operationFromString(QStringView(text).left(std::max<qsizetype>(equals, 0)));
    if (!operation)
        return fail(u"\"%1\" names no operation"_s.arg(text), {}, help);
    Fault fault;
    fault.operation = *operation;
    const QString rest = text.mid(equals + 1);
    const qsizetype colon = rest.indexOf(u':');
    if (colon >= 0) {
        fault.count = wholeNumber(rest.mid(colon + 1), 1, 1'000'000);
        if (!fault.count)
            return fail(u"the count in \"%1\" is not a whole number from 1 to 1000000"_s.arg(text), {}, help);
    }
    if (!readEffect(rest.left(colon), fault))
        return fail(u"\"%1\" says nothing that could happen"_s.arg(text), {}, help);
    return fault;
}

QString Fault::effect() const
{
    for (const Word &word : words) {
        if (word.kind == kind)
            return QString::fromUtf16(word.name);
    }
    return kind == Kind::Slow ? u"slow=%1"_s.arg(delay.count()) : QString::number(status);
}

void Faults::clear(Operation operation)
{
    m_faults.removeIf([=](const Fault &fault) { return fault.operation == operation; });
}

std::optional<Fault> Faults::take(Operation operation)
{
    const auto found = std::find_if(m_faults.begin(), m_faults.end(),
                                    [=](const Fault &fault) { return fault.operation == operation; });
    if (found == m_faults.end())
        return std::nullopt;
    const Fault fault = *found;
    if (found->count && --*found->count == 0)
        m_faults.erase(found);
    return fault;
}

} // namespace cloudnode::sandbox
