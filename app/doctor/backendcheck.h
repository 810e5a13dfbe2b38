#pragma once

#include "config/nodeconfig.h"
#include "doctor/check.h"

#include <QDateTime>
#include <QNetworkAccessManager>
#include <QNetworkReply>

namespace cloudnode {

/// Asks the backend for the account's instances, which changes nothing there. One answer tells three things:
/// whether the backend can be reached, whether it takes the token, and what time it has.
class BackendCheck final : public Check {
    Q_OBJECT

public:
    explicit BackendCheck(const NodeConfig &config);

protected:
    void look() override;

private:
    QNetworkRequest request() const;
    void judge(const QNetworkReply &reply);
    void fail(const QString &reason, const QString &remedy);
    Finding reachability(int status) const;
    Finding token(int status) const;
    Finding clock(const QByteArray &date) const;
    QString host() const;

    NodeConfig m_config;
    QNetworkAccessManager m_network;
};

} // namespace cloudnode
