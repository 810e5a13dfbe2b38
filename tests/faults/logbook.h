#pragma once

#include <QHash>
#include <QJsonObject>
#include <QRegularExpression>
#include <QString>

namespace cloudnode::faults {

/// A mark as jobs print them: first the name of the stream, then the number.
const QRegularExpression &markPattern();

/// Follows what the backend is sent of the jobs' output: the marks that each job prints, <REQUEST-ID#N> and
/// <REQUEST-ID!N>, must come in order.
class Logbook {
public:
    /// Takes a "log" event of the sandbox.
    void note(const QJsonObject &event);

    /// The number of the furthest mark of a stream, which is named REQUEST-ID# or REQUEST-ID!.
    int highest(const QString &stream) const { return m_places.value(stream).highest; }
    /// Places where something was left out.
    int gaps() const { return m_gaps; }
    /// Times at which a stream went back to something that was there before.
    int rewinds() const { return m_rewinds; }
    /// Marks that came again in that way.
    int repeated() const { return m_repeated; }
    /// Of all that was sent, as UTF-8.
    qint64 bytes() const { return m_bytes; }

private:
    struct Place {
        int last = 0;
        int highest = 0;
    };
    void noteMark(const QString &stream, int number);

    QHash<QString, Place> m_places; ///< by stream
    qint64 m_bytes = 0;
    int m_gaps = 0;
    int m_rewinds = 0;
    int m_repeated = 0;
};

} // namespace cloudnode::faults
