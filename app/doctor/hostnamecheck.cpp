#include "doctor/hostnamecheck.h"

#include <QHostInfo>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

HostNameCheck::HostNameCheck(QString host) : Check(u"dns"_s), m_host(std::move(host)) {}

void HostNameCheck::look()
{
    QHostInfo::lookupHost(m_host, this, [this](const QHostInfo &info) {
        if (info.addresses().isEmpty())
            conclude({Finding::problem(subject(), u"%1: %2"_s.arg(m_host, info.errorString()),
                                       u"Check the host's name and this computer's DNS."_s)});
        else
            conclude({Finding::ok(subject(),
                                  u"%1 is %2"_s.arg(m_host, info.addresses().constFirst().toString()))});
    });
}

} // namespace cloudnode
