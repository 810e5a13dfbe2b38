#pragma once

#include <QJsonArray>
#include <QJsonObject>
#include <QObject>

namespace cloudnode::sandbox {

/// What has happened in the sandbox, in order. Whoever watches a part of it tells it here.
class EventLog final : public QObject {
    Q_OBJECT

public:
    static constexpr qsizetype mostEvents = 20'000; ///< kept; older ones are dropped

    using QObject::QObject;

    /// `data` plus "event" (its name) and "time" (UTC, milliseconds).
    void add(const QString &name, QJsonObject data = {});
    /// Somebody broke the contract: an event "breach" with `reason`.
    void addBreach(const QString &reason, QJsonObject data = {});

    int breaches() const { return m_breaches; }
    QJsonArray events() const;

signals:
    void added(const QJsonObject &event);

private:
    QList<QJsonObject> m_events;
    int m_breaches = 0;
};

} // namespace cloudnode::sandbox
