#pragma once

#include "cloud/httpanswer.h"

#include <QNetworkReply>
#include <QObject>

namespace cloudnode {

/// Follows one reply to its end and keeps it within bounds: of size, and of time as a whole. It belongs to
/// the reply and does not judge the answer.
class HttpExchange final : public QObject {
    Q_OBJECT

public:
    static constexpr qint64 largestBody = 1024 * 1024; ///< bytes

    HttpExchange(QNetworkReply *reply, std::chrono::milliseconds deadline);

    /// After finished(): the answer, or in words why there is none.
    tl::expected<HttpAnswer, QString> outcome() const;

signals:
    void finished(); ///< once

private:
    void take();
    void giveUp(const QString &why);
    void finish();
    bool isCutOff(int status) const;
    QString transportProblem() const;

    QNetworkReply *m_reply;
    QByteArray m_body;
    QString m_gaveUp; ///< why; empty while we did not
};

} // namespace cloudnode
