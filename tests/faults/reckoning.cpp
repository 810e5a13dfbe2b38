#include "faults/reckoning.h"

#include <csignal>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode::faults {

namespace {

QJsonValue exitCodeOf(const QJsonObject &response)
{
    return response.value("workload"_L1).toObject().value("exit_code"_L1);
}

/// Judges one job after the other.
class Judge {
public:
    Judge(const Customer &customer, const Evidence &evidence, Supervision supervision)
        : m_customer(customer),
          m_evidence(evidence),
          m_supervision(supervision)
    {
    }

    void judge(const Job &job)
    {
        ++result.commands;
        const QString id = job.requestId();
        const QList<QJsonObject> finals = m_customer.finalsOf(id);
        judgeNumber(id, finals);
        if (finals.isEmpty())
            return;
        const bool attacked = m_supervision == Supervision::Attacked;
        const bool unseen = attacked && exitCodeOf(finals.first()).isNull();
        const bool killed = attacked && exitCodeOf(finals.first()) == -SIGKILL;
        const bool cancelled = m_customer.isCancelled(id) && exitCodeOf(finals.first()) == -SIGTERM;
        // Who dies in the very moment of the start, before its first line, leaves it open whether there was
        // one.
        judgeStart(id, unseen || killed || cancelled);
        if (unseen)
            ++result.unseen;
        else if (!killed)
            judgeTruth(job, finals.first());
    }

    void judgeCancellation(const QString &id)
    {
        ++result.commands;
        const QList<QJsonObject> answers = m_customer.finalsOf(id);
        judgeNumber(id, answers);
        if (!answers.isEmpty() && answers.first().value("status"_L1) != u"ok"_s)
            complain(result.wrong, id, answers.first().value("error"_L1).toString());
    }

    void judgeLog(const Logbook &logbook)
    {
        for (auto stream = m_evidence.printed.cbegin(); stream != m_evidence.printed.cend(); ++stream) {
            if (logbook.highest(stream.key()) != *stream)
                complain(result.logGaps, stream.key(),
                         u"the backend has lines up to %1 of %2"_s.arg(logbook.highest(stream.key()))
                             .arg(*stream));
        }
        // Whatever lies between the marks: exact as long as nothing had to be sent twice.
        const bool isWhole = m_evidence.logFiles == 2 * m_evidence.starts.size();
        if (isWhole && logbook.rewinds() == 0 && logbook.bytes() != m_evidence.printedBytes)
            complain(result.logGaps, u"log"_s,
                     u"the backend has %1 bytes of %2"_s.arg(logbook.bytes()).arg(m_evidence.printedBytes));
        result.logGaps += logbook.gaps();
        result.logRewinds = logbook.rewinds();
    }

    Reckoning result;

private:
    void complain(int &counter, const QString &id, const QString &what)
    {
        ++counter;
        result.details << id + u": "_s + what;
    }

    void judgeNumber(const QString &id, const QList<QJsonObject> &finals)
    {
        if (finals.isEmpty())
            complain(result.lost, id, u"no final response"_s);
        for (qsizetype i = 1; i < finals.size(); ++i) {
            if (finals.at(i) == finals.first())
                ++result.repeated;
            else
                complain(result.doubled, id, u"two different final responses"_s);
        }
    }

    void judgeStart(const QString &id, bool mayBeMissing)
    {
        const int starts = m_evidence.starts.value(id);
        if (starts == 0 && !mayBeMissing)
            complain(result.unstarted, id, u"never started"_s);
        if (starts > 1)
            complain(result.startedTwice, id, u"started %1 times"_s.arg(starts));
        if (starts > 0 && m_customer.acknowledgementsOf(id) == 0)
            complain(result.unacknowledged, id, u"no acknowledgement"_s);
    }

    void judgeTruth(const Job &job, const QJsonObject &response)
    {
        const QString id = job.requestId();
        const QString contradiction = job.contradiction(response, m_customer.isCancelled(id));
        if (!contradiction.isEmpty())
            complain(result.wrong, id, contradiction);
    }

    const Customer &m_customer;
    const Evidence &m_evidence;
    Supervision m_supervision;
};

} // namespace

Reckoning reckon(const Customer &customer, const Evidence &evidence, const Logbook &logbook,
                 Supervision supervision)
{
    Judge judge(customer, evidence, supervision);
    for (const Job &job : customer.jobs())
        judge.judge(job);
    for (const QString &id : customer.cancellations())
        judge.judgeCancellation(id);
    judge.judgeLog(logbook);
    return judge.result;
}

bool Reckoning::isClean() const
{
    return lost + doubled + wrong + unstarted + startedTwice + unacknowledged + logGaps + left + secrets == 0;
}

QString Reckoning::text() const
{
    return u"%1 commands: %2 results lost, %3 doubled, %4 wrong, %5 repeated, %6 unseen; "_s.arg(commands)
               .arg(lost)
               .arg(doubled)
               .arg(wrong)
               .arg(repeated)
               .arg(unseen) +
           u"%1 not started, %2 started twice, %3 not acknowledged; log: %4 gaps, %5 repetitions; "_s
               .arg(unstarted)
               .arg(startedTwice)
               .arg(unacknowledged)
               .arg(logGaps)
               .arg(logRewinds) +
           u"%1 processes left behind, %2 secrets found"_s.arg(left).arg(secrets) +
           (details.isEmpty() ? QString() : u"\n  "_s + details.mid(0, 20).join(u"\n  "_s));
}

} // namespace cloudnode::faults
