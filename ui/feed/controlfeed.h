#pragma once

#include "control/controlclient.h"
#include "control/throttle.h"
#include "ui/feed/nodefeed.h"

#include <QSet>

namespace cloudnode {

/// The feed over the control socket.
class ControlFeed final : public NodeFeed {
    Q_OBJECT

public:
    explicit ControlFeed(QObject *parent = nullptr);

    /// Looks for a node at these sockets, for ever.
    void start(const QStringList &socketPaths);

    bool isUp() const override { return m_up; }
    void pause(QObject *context, Answer done) override;
    void resume(QObject *context, Answer done) override;
    void stop(QObject *context, Answer done) override;
    void cancel(const QJsonValue &requestId, const QString &signalName, QObject *context,
                Answer done) override;

signals:
    void missed(); ///< no node answered this attempt; more follow

private:
    void ask(const QString &method, const QJsonObject &params, QObject *context, Answer done);
    void subscribe();
    void takeStatus(const QJsonObject &json);
    void takeEvent(const QJsonObject &json);
    void takeHistory(const QJsonArray &list);
    void takeLoss();
    void listWorkloads();
    void takeWorkloads(const QJsonArray &list);

    ControlClient m_client;
    Throttle m_list; ///< asking for the whole list, which a stream of events would do too often
    QSet<QString> m_active;
    bool m_up = false;
};

} // namespace cloudnode
