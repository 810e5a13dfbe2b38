#include "sandbox/faults.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::sandbox {

namespace {

using Kind = Fault::Kind;

constexpr int longestDelay = 600'000; // ms

/// Where an effect can strike.
enum class Place { Anywhere, Calls, Store };

struct Word {
    Kind kind;
    const char16_t *name; ///< one that ends in '=' is followed by a number
    Place place = Place::Anywhere;
};
constexpr std::array words = {Word{Kind::Hang, u"hang"},
                              Word{Kind::Close, u"close"},
                              Word{Kind::BadJson, u"badjson", Place::Calls},
                              Word{Kind::Empty, u"empty", Place::Calls},
                              Word{Kind::Html, u"html", Place::Calls},
                              Word{Kind::Slow, u"slow="},
                              Word{Kind::Lost, u"lost"},
                              Word{Kind::Twice, u"twice", Place::Calls},
                              Word{Kind::Stranger, u"stranger", Place::Calls},
                              Word{Kind::Cut, u"cut=", Place::Store},
                              Word{Kind::Crawl, u"crawl=", Place::Store},
                              Word{Kind::Expired, u"expired", Place::Store}};

const QString help =
    u"Write OPERATION=STATUS[:COUNT], such as register=503:3; STATUS is 300 to 599, hang, close, "
    "badjson, empty, html, slow=MILLISECONDS, lost, twice, stranger, or with the operation store "
    "also cut=BYTES, crawl=BYTES, expired."_s;

std::optional<int> wholeNumber(QStringView text, int lowest, int highest)
{
    bool isNumber = false;
    const int number = text.toInt(&isNumber);
    if (!isNumber || number < lowest || number > highest)
        return std::nullopt;
    return number;
}

bool canStrike(const Word &word, Operation operation)
{
    return word.place == Place::Anywhere || (word.place == Place::Store) == (operation == Operation::Store);
}

/// The number after a word that wants one.
bool readNumber(QStringView text, Fault &fault)
{
    const bool isTime = fault.kind == Kind::Slow;
    const auto number = wholeNumber(text, fault.kind == Kind::Crawl ? 1 : 0,
                                    isTime ? longestDelay : std::numeric_limits<int>::max());
    if (number && isTime)
        fault.delay = std::chrono::milliseconds(*number);
    else
        fault.bytes = number.value_or(0);
    return number.has_value();
}

/// Sets what the fault does; false if `text` is none of the effects known for its operation.
bool readEffect(QStringView text, Fault &fault)
{
    for (const Word &word : words) {
        const QStringView name(word.name);
        const bool wantsNumber = name.endsWith(u'=');
        if (!canStrike(word, fault.operation) || !(wantsNumber ? text.startsWith(name) : text == name))
            continue;
        fault.kind = word.kind;
        return !wantsNumber || readNumber(text.mid(name.size()), fault);
    }
    const auto status = wholeNumber(text, 300, 599);
    fault.status = status.value_or(0);
    return status.has_value();
}

} // namespace

Result<Fault> Fault::parse(const QString &text)
{
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

bool Fault::acts() const
{
    switch (kind) {
    case Kind::Slow:
    case Kind::Lost:
    case Kind::Twice:
    case Kind::Stranger:
    case Kind::Crawl:
        return true;
    default:
        return false;
    }
}

QString Fault::effect() const
{
    for (const Word &word : words) {
        if (word.kind != kind)
            continue;
        QString name = QString::fromUtf16(word.name);
        if (!name.endsWith(u'='))
            return name;
        return name + QString::number(kind == Kind::Slow ? qint64(delay.count()) : bytes);
    }
    return QString::number(status);
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
