#pragma once

#include "base/error.h"
#include "sandbox/apicall.h"

#include <chrono>

namespace cloudnode::sandbox {

/// A way for one operation to go wrong.
struct Fault {
    enum class Kind {
        Status,   ///< answers with an HTTP status of 300 to 599, over MQTT with that `code`
        Hang,     ///< never answers
        Close,    ///< closes the connection in the middle of the answer; over MQTT sends half of it
        BadJson,  ///< answers 200 with a body that is no JSON
        Empty,    ///< answers 200 without a body
        Html,     ///< answers 200 with a page for people, as the login of a hotel's network does
        Slow,     ///< does what is asked, but answers late
        Lost,     ///< does what is asked, but never answers
        Twice,    ///< does what is asked, but over MQTT answers twice
        Stranger, ///< does what is asked, but over MQTT answers as if to somebody else's request
        Cut,      ///< store: ends the connection once so many bytes of the file are there
        Crawl,    ///< store: takes only so many bytes a second
        Expired,  ///< store: says that the URL has expired, now and from now on
    };

    Operation operation = Operation::Heartbeat;
    Kind kind = Kind::Status;
    int status = 0;                     ///< Status only
    std::chrono::milliseconds delay{0}; ///< Slow only
    qint64 bytes = 0;                   ///< Cut; Crawl, a second
    std::optional<int> count;           ///< how often; none: for ever

    /// "OPERATION=STATUS[:COUNT]", where STATUS is a number, hang, close, badjson, empty, html, slow=MS,
    /// lost, twice, stranger, or for the store cut=BYTES, crawl=BYTES or expired.
    static Result<Fault> parse(const QString &text);

    /// Whether what is asked is done, and only the answer suffers.
    bool acts() const;

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
