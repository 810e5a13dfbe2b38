#include "doctor/check.h"

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

Check::Check(QString subject) : m_subject(std::move(subject))
{
    m_limit.setSingleShot(true);
    connect(&m_limit, &QTimer::timeout, this, &Check::giveUp);
}

void Check::start(std::chrono::milliseconds limit)
{
    m_limit.start(limit);
    look();
}

void Check::conclude(const QList<Finding> &findings)
{
    if (m_concluded)
        return;
    m_concluded = true;
    m_limit.stop();
    emit concluded(findings);
}

void Check::giveUp()
{
    const auto seconds = static_cast<double>(m_limit.interval()) / 1000;
    conclude({Finding::problem(m_subject, u"no answer within %1 s"_s.arg(seconds),
                               u"Check whether it can be reached from this computer."_s)});
}

} // namespace cloudnode
