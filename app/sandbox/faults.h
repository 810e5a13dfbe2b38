#pragma once

#include "sandbox/contract.h"

#include <chrono>

namespace cloudnode::sandbox {

/// A way for one operation to go wrong.
struct Fault {
    enum class Kind {
        Status,  ///< answers with an HTTP status of 300 to 599
        Hang,    ///< never answers
        Close,   ///< closes the connection in the middle of the answer
        BadJson, ///< answers 200 with a body that is no JSON
        Empty,   ///< answers 200 without a body
        Html,    ///< answers 200 with a page for people, as the login of a hotel's network does
        Slow,    ///< does what is asked, but answers late
    };

    Operation operation = Operation::Heartbeat;
    Kind kind = Kind::Status;
    int status = 0;                     ///< Status only
    std::chrono::milliseconds delay{0}; ///< Slow only
    std::optional<int> count;           ///< how often; none: for ever

    /// "OPERATION=STATUS[:COUNT]", where STATUS is a number, hang, close, badjson, empty, html or slow=MS.
    static Result<Fault> parse(const QString &text);

    /// The same text without the operation and the count: "503", "slow=200".
    QString effect() const;
};

/// What is to go wrong next. Faults of one operation come in the order in which they were added.
class Faults {
public:
    void add(const Fault &fault) { m_faults << fault; }
    /// Forgets those of one operation.
    void clear(Operation operation);
    /// What this request of `operation` meets; counts it.
    std::optional<Fault> take(Operation operation);

private:
    QList<Fault> m_faults;
};

} // namespace cloudnode::sandbox
