#pragma once

#include <QString>

namespace cloudnode {

/// One line of what the doctor says.
struct Finding {
    enum class Verdict {
        Ok,
        Note,    ///< worth knowing; nothing is wrong
        Problem, ///< the node cannot work well
    };

    QString subject; ///< "broker"
    Verdict verdict = Verdict::Ok;
    QString text;   ///< what was found
    QString remedy; ///< what to do about it, a full sentence

    static Finding ok(const QString &subject, const QString &text)
    {
        return {subject, Verdict::Ok, text, {}};
    }
    static Finding note(const QString &subject, const QString &text, const QString &remedy = {})
    {
        return {subject, Verdict::Note, text, remedy};
    }
    static Finding problem(const QString &subject, const QString &text, const QString &remedy)
    {
        return {subject, Verdict::Problem, text, remedy};
    }
};

} // namespace cloudnode
