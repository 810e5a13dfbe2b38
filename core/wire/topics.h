#pragma once

#include <QString>

namespace cloudnode {

/// The names of the MQTT topics. `id` is an instance's uuid or slug.
/// Source: the specification's topic table; the prefix is put in front without a separator.
class Topics {
public:
    /// `environment` as configured: blanks at its ends are dropped; empty or "production" means no prefix.
    explicit Topics(const QString &environment);

    QString command(const QString &id) const { return topic(id, QStringLiteral("command")); }
    QString response(const QString &id) const { return topic(id, QStringLiteral("response")); }

    /// Requests to the backend (WIRE contract, "Requests"). The first holds the API token: never to be shown.
    QString createInstance(const QString &token) const;
    QString instanceRequest(const QString &uuid, const QString &action) const { return topic(uuid, action); }
    QString workloadRequest(const QString &uuid, const QString &action) const;
    /// Where their answers come in, behind the client's id.
    QString answersPrefix() const;

    /// Whether `id` can stand in a topic: not empty, no '/', no wildcard, no control character.
    static bool isUsable(const QString &id);

private:
    QString topic(const QString &id, const QString &kind) const;

    QString m_prefix;
};

} // namespace cloudnode
