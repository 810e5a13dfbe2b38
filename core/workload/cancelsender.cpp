#include "workload/cancelsender.h"

#include <csignal>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

Result<int> signalNumber(const QString &name)
{
    if (name == u"SIGTERM"_s)
        return SIGTERM;
    if (name == u"SIGINT"_s)
        return SIGINT;
    if (name == u"SIGKILL"_s)
        return SIGKILL;
    return fail(u"%1 is no signal to cancel with"_s.arg(name), {}, u"Use SIGTERM, SIGINT or SIGKILL."_s);
}

} // namespace

CancelSender::CancelSender(Launcher &launcher, ProgressWriter &writer)
    : m_launcher(launcher),
      m_writer(writer)
{
}

Result<void> CancelSender::cancel(PooledWorkload &pooled, const WorkloadCancel &request)
{
    if (const auto number = signalNumber(request.signalName); !number)
        return tl::make_unexpected(number.error());
    const WorkloadProgress before = pooled.workload.progress;
    const auto written = m_writer.change(pooled, [&](WorkloadProgress &progress) {
        progress.cancel = request;
        progress.cancel->sent = false;
        progress.cancelAnswered = false;
    });
    if (!written) // a full disk is a good reason to end what fills it
        emit warning(written.error());
    if (!pooled.start) // it is sent as soon as there is one
        return {};
    auto sent = send(pooled);
    if (!sent)
        (void)m_writer.change(pooled, [&](WorkloadProgress &progress) { progress = before; });
    return sent;
}

void CancelSender::sendDue(PooledWorkload &pooled)
{
    const auto &cancel = pooled.workload.progress.cancel;
    const bool isOrphaned = pooled.watch && pooled.watch->isOrphaned();
    if (!cancel || (cancel->sent && !isOrphaned))
        return;
    if (const auto sent = send(pooled); !sent)
        emit warning(sent.error());
}

Result<void> CancelSender::send(PooledWorkload &pooled)
{
    const auto number = signalNumber(pooled.workload.progress.cancel->signalName);
    if (!number)
        return tl::make_unexpected(number.error());
    if (auto sent = m_launcher.signal(pooled.workload, *pooled.start, *number); !sent)
        return sent;
    const auto noted =
        m_writer.change(pooled, [](WorkloadProgress &progress) { progress.cancel->sent = true; });
    if (!noted)
        emit warning(noted.error()); // the next node sends it again: no reason to call it not sent
    return {};
}

} // namespace cloudnode
