#include "node/failurenotice.h"

#include "node/logshipper.h"
#include "node/registration.h"

#include <QPointer>

namespace cloudnode {

using namespace std::chrono_literals;

FailureNotice::FailureNotice(ControlPlane &cloud, Registration &registration, LogShipper &shipper,
                             QString reason, QObject *parent)
    : QObject(parent),
      m_cloud(cloud),
      m_registration(registration),
      m_shipper(shipper),
      m_reason(std::move(reason))
{
    m_limit.setSingleShot(true);
    connect(&m_limit, &QTimer::timeout, this, [this] { finish(false); });
}

void FailureNotice::start()
{
    m_limit.start(10s);
    m_registration.ensureInstance([self = QPointer(this)](const CloudResult<Instance> &instance) {
        if (!self)
            return;
        if (instance)
            self->shipLogs(*instance);
        else
            self->finish(false);
    });
}

void FailureNotice::shipLogs(const Instance &instance)
{
    m_instance = instance;
    connect(&m_shipper, &LogShipper::failed, this, &FailureNotice::tell);
    connect(&m_shipper, &LogShipper::drained, this, [this] {
        if (m_shipper.isDrained())
            tell();
    });
    m_shipper.setInstance(instance);
    m_shipper.flush();
    if (m_shipper.isDrained())
        tell();
}

void FailureNotice::tell()
{
    if (m_telling)
        return;
    m_telling = true;
    m_cloud.reportFailed(m_instance, m_reason, this,
                         [this](const CloudResult<void> &reply) { finish(reply.has_value()); });
}

void FailureNotice::finish(bool told)
{
    if (m_finished)
        return;
    m_finished = true;
    m_limit.stop();
    emit done(told);
}

} // namespace cloudnode
