#include "sandbox/statusupdate.h"

#include <algorithm>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::sandbox {

namespace {

using Kind = Field::Kind;

constexpr qsizetype longestError = 300;   // characters
constexpr qsizetype longestStderr = 2000; // characters

const QStringList words = {u"running"_s, u"finalizing"_s, u"completed"_s, u"failed"_s, u"cancelled"_s};

Field status()
{
    return {u"status"_s, true, false, words};
}

/// What comes with a status. Errors of a refused start are as long as they are; those of an end are cut.
QList<Field> companionsOf(const QString &word)
{
    const Field message{u"message"_s, true};
    const Field pid{.name = u"pid"_s, .kind = Kind::Whole};
    const Field exitCode{.name = u"exit_code"_s, .kind = Kind::Whole};
    const Field success{.name = u"success"_s, .kind = Kind::Truth};
    const Field output{.name = u"stderr"_s, .mayBeEmpty = true, .longest = longestStderr};
    if (word == u"running")
        return {message, {.name = u"pid"_s, .required = true, .kind = Kind::Whole}};
    if (word == u"finalizing")
        return {message, {.name = u"file_count"_s, .required = true, .kind = Kind::Whole}};
    if (word == u"completed")
        return {{.name = u"success"_s, .required = true, .kind = Kind::Truth},
                exitCode,
                {.name = u"error"_s, .mayBeEmpty = true, .longest = longestError},
                output};
    if (word == u"failed")
        return {{u"error"_s}, {u"failure_detail"_s}, {u"message"_s}, {u"signal"_s}, pid, exitCode, output,
                success};
    return {message, {u"signal"_s}, pid, exitCode}; // cancelled
}

Result<void> checkEnd(const QJsonObject &update, const QString &where)
{
    const bool success = update.value("success"_L1).toBool();
    if (success && (update.contains("error"_L1) || update.contains("stderr"_L1)))
        return fail(u"\"error\" and \"stderr\" belong to a failure only"_s, where);
    const QJsonValue exitCode = update.value("exit_code"_L1);
    // One that was stopped at its time limit may exit with 0 and has failed all the same: then it says why.
    const bool maySayWell = success || !update.value("error"_L1).toString().isEmpty();
    if (!exitCode.isUndefined() && (exitCode.toInt(-1) == 0 ? !maySayWell : success))
        return fail(u"\"success\" does not fit \"exit_code\""_s, where);
    return {};
}

Result<void> checkFailure(const QJsonObject &update, const QString &where)
{
    if (!update.contains("error"_L1) && !update.contains("message"_L1))
        return fail(u"neither \"error\" nor \"message\" says why it failed"_s, where);
    if (update.value("success"_L1).toBool())
        return fail(u"\"success\" does not fit \"failed\""_s, where);
    return {};
}

} // namespace

Result<void> checkStatusUpdate(const QJsonObject &update, const QString &where)
{
    // The word first: what else belongs there depends on it.
    QJsonObject wordOnly;
    if (update.contains("status"_L1))
        wordOnly[u"status"_s] = update.value("status"_L1);
    if (auto checked = checkFields({status()}, wordOnly, where); !checked)
        return checked;
    const QString word = update.value("status"_L1).toString();
    if (auto checked = checkFields(QList<Field>{status()} + companionsOf(word), update, where); !checked)
        return checked;
    if (word == u"completed")
        return checkEnd(update, where);
    return word == u"failed" ? checkFailure(update, where) : Result<void>();
}

QList<Field> detailsOf(const QString &status)
{
    QList<Field> fields = companionsOf(status);
    for (Field &field : fields)
        field.required = false;
    return fields;
}

bool isTerminal(const QString &status)
{
    return status == u"completed" || status == u"failed" || status == u"cancelled";
}

bool mayFollow(const QString &status, const QString &next)
{
    if (isTerminal(status))
        return false;
    const QStringList way = {u"pending"_s, u"assigned"_s, u"running"_s, u"finalizing"_s};
    return isTerminal(next) || way.indexOf(next) > way.indexOf(status);
}

bool sayTheSame(const QJsonObject &update, const QJsonObject &other)
{
    const QStringList telling = {u"status"_s, u"success"_s, u"exit_code"_s, u"signal"_s};
    return std::all_of(telling.cbegin(), telling.cend(), [&](const QString &key) {
        return !update.contains(key) || !other.contains(key) || update.value(key) == other.value(key);
    });
}

} // namespace cloudnode::sandbox
