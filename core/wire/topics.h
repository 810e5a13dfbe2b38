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

    /// Whether `id` can stand in a topic: not empty, no '/', no wildcard, no control character.
    static bool isUsable(const QString &id);

private:
    QString topic(const QString &id, const QString &kind) const;

    QString m_prefix;
};

} // namespace cloudnode
