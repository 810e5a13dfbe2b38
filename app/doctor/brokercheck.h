#pragma once

#include "config/nodeconfig.h"
#include "doctor/check.h"

#include <QSslSocket>

namespace cloudnode {

/// Whether the broker takes connections and, with TLS, has a certificate that this computer trusts, and takes
/// ours. It does not log in: to the broker that would be another node.
class BrokerCheck final : public Check {
    Q_OBJECT

public:
    explicit BrokerCheck(const NodeConfig &config);

protected:
    void look() override;

private:
    void shake();
    void closed();
    void fail(const QString &reason);
    QString broker() const;

    NodeConfig m_config;
    QSslSocket m_socket;
};

} // namespace cloudnode
