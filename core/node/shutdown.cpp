#include "node/shutdown.h"

#include "cloud/commandlink.h"
#include "node/logshipper.h"
#include "node/responsesender.h"

namespace cloudnode {

using namespace std::chrono_literals;

namespace {

constexpr auto flushLimit = 1300ms;
constexpr auto limit = 2500ms;

} // namespace

Shutdown::Shutdown(Parties parties, Instance instance, QObject *parent)
    : QObject(parent),
      m_parties(parties),
      m_instance(std::move(instance))
{
    m_flushLimit.setSingleShot(true);
    m_limit.setSingleShot(true);
    connect(&m_flushLimit, &QTimer::timeout, this, &Shutdown::tellBackend);
    connect(&m_limit, &QTimer::timeout, this, &Shutdown::leave);
}

void Shutdown::start()
{
    connect(&m_parties.shipper, &LogShipper::drained, this, &Shutdown::flushed);
    connect(&m_parties.shipper, &LogShipper::failed, this, &Shutdown::tellBackend);
    connect(&m_parties.sender, &ResponseSender::drained, this, &Shutdown::flushed);
    m_limit.start(limit);
    m_flushLimit.start(flushLimit);
    m_parties.shipper.flush();
    flushed();
}

void Shutdown::flushed()
{
    if (m_told)
        return leaveIfAnswered();
    const bool canSend = m_parties.link.isUp();
    if (m_parties.shipper.isDrained() && (m_parties.sender.waiting() == 0 || !canSend))
        tellBackend();
}

void Shutdown::tellBackend()
{
    if (m_told)
        return;
    m_told = true;
    m_flushLimit.stop();
    m_parties.shipper.stop();
    const auto answered = [this] {
        m_answered = true;
        leaveIfAnswered();
    };
    if (m_instance.uuid.isEmpty())
        answered();
    else
        m_parties.cloud.reportTerminated(m_instance, this,
                                         [answered](const CloudResult<void> &) { answered(); });
}

void Shutdown::leaveIfAnswered()
{
    if (m_answered && !m_parties.shipper.isAwaitingAnswers())
        leave();
}

void Shutdown::leave()
{
    if (m_left)
        return;
    m_left = true;
    m_limit.stop();
    m_parties.link.close();
    emit done();
}

} // namespace cloudnode
