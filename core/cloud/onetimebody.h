#pragma once

#include <QByteArray>
#include <QIODevice>

namespace cloudnode {

/// The body of a request that must reach the backend at most once. QNetworkAccessManager sends a request
/// again, up to three times and also a POST, when the connection closes before an answer; it gives up if
/// the body cannot be rewound, and this one cannot.
class OneTimeBody final : public QIODevice {
    Q_OBJECT

public:
    explicit OneTimeBody(QByteArray data, QObject *parent = nullptr);

    qint64 size() const override { return m_data.size(); }
    bool reset() override { return false; }

protected:
    qint64 readData(char *target, qint64 maxSize) override;
    qint64 writeData(const char *, qint64) override { return -1; }

private:
    QByteArray m_data;
    qint64 m_taken = 0;
};

} // namespace cloudnode
