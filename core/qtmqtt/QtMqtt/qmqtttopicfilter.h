#pragma once

#include "qmqtttopicname.h"

#include <QFlags>

/// Which topics a subscription asks for: a topic name with the wildcards '+' (one level) and '#' (the rest).
class QMqttTopicFilter {
public:
    enum MatchOption {
        NoMatchOption = 0x0000,
        /// A leading wildcard leaves out topics that begin with '$'; brokers keep those for themselves.
        WildcardsDontMatchDollarTopicMatchOption = 0x0001
    };
    Q_DECLARE_FLAGS(MatchOptions, MatchOption)

    QMqttTopicFilter(const QString &filter = QString()) : m_filter(filter) {}
    QMqttTopicFilter(const QLatin1String &filter) : m_filter(filter) {}

    QString filter() const { return m_filter; }
    void setFilter(const QString &filter) { m_filter = filter; }

    /// The group in "$share/group/filter"; empty if the subscription is not shared.
    QString sharedSubscriptionName() const;

    /// Source: MQTT 5.0, 4.7.1, 4.7.3 and 4.8.2.
    [[nodiscard]] bool isValid() const;
    [[nodiscard]] bool match(const QMqttTopicName &name, MatchOptions matchOptions = NoMatchOption) const;

    friend bool operator==(const QMqttTopicFilter &lhs, const QMqttTopicFilter &rhs) = default;
    friend bool operator<(const QMqttTopicFilter &lhs, const QMqttTopicFilter &rhs)
    {
        return lhs.m_filter < rhs.m_filter;
    }
    friend size_t qHash(const QMqttTopicFilter &filter, size_t seed = 0)
    {
        return qHash(filter.m_filter, seed);
    }

private:
    QString m_filter;
};

QDebug operator<<(QDebug debug, const QMqttTopicFilter &filter);

Q_DECLARE_OPERATORS_FOR_FLAGS(QMqttTopicFilter::MatchOptions)
Q_DECLARE_METATYPE(QMqttTopicFilter)
