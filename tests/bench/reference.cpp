#include "bench/reference.h"

#include "platform/atomicfile.h"

#include <QHash>
#include <QJsonDocument>
#include <QJsonObject>

#include <cmath>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::bench {

namespace {

constexpr qint64 largestFile = 64 * 1024;

double rounded(double ratio)
{
    return std::round(ratio * 100) / 100;
}

Result<QJsonObject> contentsOf(const QString &path)
{
    return atomicfile::read(path, largestFile).map([](const QByteArray &text) {
        return QJsonDocument::fromJson(text).object();
    });
}

} // namespace

Result<Reference> Reference::load(const QString &path)
{
    const auto object = contentsOf(path);
    if (!object)
        return tl::make_unexpected(object.error());
    Reference reference;
    for (auto entry = object->begin(); entry != object->end(); ++entry)
        reference.m_ratios.insert(entry.key(), entry.value().toDouble());
    if (reference.m_ratios.isEmpty())
        return fail(u"is no JSON object of numbers"_s, path);
    return reference;
}

Result<void> Reference::save(const QList<Row> &rows, const QString &path)
{
    const QJsonObject known = contentsOf(path).value_or(QJsonObject());
    QJsonObject object = known;
    for (const Row &row : rows) {
        const auto ratio = row.undisturbedRatio();
        if (ratio && (known.isEmpty() || known.contains(row.key)))
            object.insert(row.key, rounded(*ratio));
    }
    return atomicfile::write(path, QJsonDocument(object).toJson());
}

QStringList Reference::regressions(const QList<Row> &rows) const
{
    QStringList found;
    for (const Row &row : rows) {
        const auto ratio = row.undisturbedRatio();
        const double known = m_ratios.value(row.key);
        if (!ratio || known <= 0)
            continue;
        const double worse = row.isRate() ? known / std::max(*ratio, 1e-9) : *ratio / known;
        if (worse > tolerance)
            found << u"%1: at best %2 times its floor, and %3 in the reference"_s.arg(row.what)
                         .arg(*ratio, 0, 'f', 2)
                         .arg(known, 0, 'f', 2);
    }
    return found;
}

} // namespace cloudnode::bench
