#pragma once

#include "doctor/check.h"

namespace cloudnode {

/// Whether a host's name can be turned into an address.
class HostNameCheck final : public Check {
public:
    explicit HostNameCheck(QString host);

protected:
    void look() override;

private:
    QString m_host;
};

} // namespace cloudnode
