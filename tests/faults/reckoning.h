#pragma once

#include "faults/customer.h"
#include "faults/evidence.h"
#include "faults/logbook.h"

#include <QStringList>

namespace cloudnode::faults {

/// What came of all that was asked for, held against what was promised.
struct Reckoning {
    int commands = 0;
    int lost = 0;    ///< no final response
    int doubled = 0; ///< two different final responses
    int wrong = 0;   ///< a final response that is not true
    int unstarted = 0;
    int startedTwice = 0;
    int unacknowledged = 0;
    int repeated = 0; ///< the same final response once more, as QoS 1 may
    int unseen = 0;   ///< "lost": nobody saw the end. Only what has lost its supervisor may end so
    int logGaps = 0;  ///< places in the backend's log where something is missing
    int logRewinds = 0;
    int left = 0;        ///< processes left behind
    int secrets = 0;     ///< places where the token was found
    QStringList details; ///< of each thing that is wrong

    /// Nothing that must never be. What may be is the caller's to judge: repeated, unseen, logRewinds.
    bool isClean() const;
    QString text() const;
};

/// What may have happened to the jobs besides what they did themselves.
enum class Supervision { Intact, Attacked };

Reckoning reckon(const Customer &customer, const Evidence &evidence, const Logbook &logbook,
                 Supervision supervision);

} // namespace cloudnode::faults
