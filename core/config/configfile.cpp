#include "config/configfile.h"

#include "base/nearestword.h"
#include "config/setting.h"

#include <yaml-cpp/depthguard.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

const QString &specifiedWrapper()
{
    static const QString key = u"cyberwave-cloud-node"_s;
    return key;
}

const QString &newerWrapper()
{
    static const QString key = u"cyberwave"_s;
    return key;
}

/// One key of a mapping with what stands behind it.
struct Pair {
    QString key; ///< empty: the key is no plain word
    int line = 0;
    YAML::Node value;
};

QString oneKeyALine()
{
    return u"Write one \"key: value\" a line."_s;
}

/// A piece of YAML and how its lines are called.
struct Source {
    QString name;
    int firstLine = 1;

    int lineOf(const YAML::Mark &mark) const { return firstLine + std::max(mark.line, 0); }
    QString place(int line) const { return u"%1:%2"_s.arg(name).arg(line); }
};

QList<Pair> pairsOf(const YAML::Node &mapping, const Source &source, const QString &prefix = {})
{
    QList<Pair> pairs;
    for (const auto &item : mapping) {
        const QString key = item.first.IsScalar() ? QString::fromStdString(item.first.Scalar()) : QString();
        pairs.append({key.isEmpty() ? key : prefix + key, source.lineOf(item.first.Mark()), item.second});
    }
    return pairs;
}

const Pair *find(const QList<Pair> &pairs, const QString &key)
{
    const auto found =
        std::find_if(pairs.cbegin(), pairs.cend(), [&key](const Pair &pair) { return pair.key == key; });
    return found == pairs.cend() ? nullptr : &*found;
}

/// Throws; see guarded().
Result<QList<Pair>> loadPairs(const QByteArray &yaml, const Source &source)
{
    const YAML::Node root = YAML::Load(yaml.toStdString());
    if (root.IsNull())
        return QList<Pair>();
    if (!root.IsMap())
        return fail(u"does not consist of keys and values"_s, source.name, oneKeyALine());
    return pairsOf(root, source);
}

/// Runs what uses yaml-cpp and turns what it throws into an Error.
template <typename Action>
Result<ConfigFile> guarded(const Source &source, Action action)
{
    try {
        return action();
    } catch (const YAML::DeepRecursion &problem) {
        return fail(u"is nested too deeply"_s, source.place(source.lineOf(problem.mark)), oneKeyALine());
    } catch (const YAML::Exception &problem) {
        return fail(u"is not valid YAML: "_s + QString::fromStdString(problem.msg),
                    source.place(source.lineOf(problem.mark)), oneKeyALine());
    }
}

FileValue readValue(const Pair &pair)
{
    FileValue value;
    value.line = pair.line;
    if (pair.value.IsNull())
        return value;
    if (!pair.value.IsScalar()) {
        value.shape = pair.value.IsMap() ? FileValue::Shape::Mapping : FileValue::Shape::List;
        return value;
    }
    value.shape = FileValue::Shape::Text;
    value.text = QString::fromStdString(pair.value.Scalar());
    value.quoted = pair.value.Tag() != "?"; // yaml-cpp's tag of a plain scalar
    return value;
}

bool isWrapper(const QString &key)
{
    return key == specifiedWrapper() || key == newerWrapper();
}

Error unknownKey(const Pair &pair, const Source &source, bool atTop)
{
    if (pair.key.isEmpty())
        return {u"has a key that is not a word; it is ignored"_s, source.place(pair.line), {}};
    if (isFileKeyGroup(pair.key))
        return {u"%1 does not hold keys and values; it is ignored"_s.arg(pair.key), source.place(pair.line),
                u"Indent the settings below it."_s};
    const Setting *elsewhere = findSetting(pair.key);
    if (elsewhere && !elsewhere->variables.isEmpty())
        return {u"%1 cannot be set here; it is ignored"_s.arg(pair.key), source.place(pair.line),
                u"Set %1 in the environment or in .env."_s.arg(elsewhere->variables.first())};
    QStringList candidates = knownFileKeys();
    if (atTop)
        candidates << specifiedWrapper() << newerWrapper();
    const QString near = nearestWord(pair.key, candidates);
    return {u"unknown key %1; it is ignored"_s.arg(pair.key.simplified().left(80)), source.place(pair.line),
            near.isEmpty() ? QString() : u"Did you mean %1?"_s.arg(near)};
}

/// Sorts the keys of one section into known, foreign, repeated and unknown ones.
void readSection(const QList<Pair> &pairs, const Source &source, bool atTop, ConfigFile &file)
{
    const QStringList &known = knownFileKeys();
    QStringList foreign;
    int foreignLine = 0;
    for (const Pair &pair : pairs) {
        if (isFileKeyGroup(pair.key) && (pair.value.IsMap() || pair.value.IsNull())) {
            readSection(pairsOf(pair.value, source, pair.key + u'.'), source, false, file);
        } else if (known.contains(pair.key)) {
            if (file.values.contains(pair.key))
                file.warnings.append(
                    {u"%1 is given twice; this one counts, the one in line %2 does not"_s.arg(pair.key).arg(
                         file.values[pair.key].line),
                     source.place(pair.line),
                     {}});
            file.values[pair.key] = readValue(pair);
        } else if (foreignFileKeys().contains(pair.key)) {
            foreignLine = foreign.isEmpty() ? pair.line : foreignLine;
            foreign << pair.key;
        } else {
            file.warnings.append(unknownKey(pair, source, atTop));
        }
    }
    if (!foreign.isEmpty())
        file.notes.append(
            {u"not used by this node: "_s + foreign.join(u", "_s), source.place(foreignLine), {}});
}

/// What stands beside a wrapper key and would have been meant for inside it.
void warnAboutStrays(const QList<Pair> &top, const QString &wrapper, const Source &source, ConfigFile &file)
{
    const QStringList &known = knownFileKeys();
    for (const Pair &pair : top) {
        const bool ours = known.contains(pair.key) || isFileKeyGroup(pair.key) || isWrapper(pair.key);
        if (pair.key != wrapper && ours)
            file.warnings.append({u"%1 stands beside %2 and is ignored"_s.arg(pair.key, wrapper),
                                  source.place(pair.line), u"Move it below %1."_s.arg(wrapper)});
    }
}

Result<ConfigFile> parseTop(const QList<Pair> &top, const Source &source)
{
    ConfigFile file;
    file.name = source.name;
    const QString wrapper = find(top, specifiedWrapper()) ? specifiedWrapper() : newerWrapper();
    const Pair *section = find(top, wrapper);
    if (!section) {
        readSection(top, source, true, file);
        return file;
    }
    warnAboutStrays(top, wrapper, source, file);
    if (section->value.IsNull())
        return file;
    if (!section->value.IsMap())
        return fail(u"%1 does not hold keys and values"_s.arg(wrapper), source.place(section->line),
                    u"Indent the settings below it."_s);
    readSection(pairsOf(section->value, source), source, false, file);
    return file;
}

/// Whether front matter without a wrapper key is meant for us.
bool isOurs(const QList<Pair> &top)
{
    const QStringList &known = knownFileKeys();
    const bool all = std::all_of(top.cbegin(), top.cend(), [&known](const Pair &pair) {
        return known.contains(pair.key) || isFileKeyGroup(pair.key) || foreignFileKeys().contains(pair.key);
    });
    const bool any = std::any_of(top.cbegin(), top.cend(),
                                 [&known](const Pair &pair) { return known.contains(pair.key); });
    return all && any;
}

/// The lines between the two fences; none if there are no two.
std::optional<QByteArray> frontMatter(const QByteArray &markdown)
{
    const auto isFence = [](const QByteArray &line) { return line == "---" || line == "---\r"; };
    const QList<QByteArray> lines = markdown.split('\n');
    if (!isFence(lines.first()))
        return std::nullopt;
    const auto end = std::find_if(lines.cbegin() + 1, lines.cend(), isFence);
    if (end == lines.cend())
        return std::nullopt;
    return lines.sliced(1, std::distance(lines.cbegin(), end) - 1).join('\n');
}

} // namespace

Result<ConfigFile> ConfigFile::parse(const QByteArray &yaml, const QString &name)
{
    const Source source{name};
    return guarded(source, [&] {
        return loadPairs(yaml, source).and_then([&](const auto &top) { return parseTop(top, source); });
    });
}

std::optional<ConfigFile> ConfigFile::parseFrontMatter(const QByteArray &markdown, const QString &name)
{
    const std::optional<QByteArray> yaml = frontMatter(markdown);
    if (!yaml)
        return std::nullopt;
    const Source source{name, 2};
    const auto file = guarded(source, [&] {
        return loadPairs(*yaml, source).and_then([&](const auto &top) -> Result<ConfigFile> {
            const bool wrapped = find(top, specifiedWrapper()) || find(top, newerWrapper());
            return wrapped || isOurs(top) ? parseTop(top, source) : fail(u"is meant for others"_s);
        });
    });
    return file ? std::optional(*file) : std::nullopt;
}

QString ConfigFile::place(const FileValue &value) const
{
    return u"%1:%2"_s.arg(name).arg(value.line);
}

} // namespace cloudnode
