#include "cloud/httpexchange.h"

#include <QTest>

#include <algorithm>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;
using namespace cloudnode;

namespace {

/// A reply as QNetworkAccessManager makes them, which ends as it is told to.
class ScriptedReply : public QNetworkReply {
public:
    using QNetworkReply::setRawHeader;

    void answer(int status, const QByteArray &announced, const QByteArray &body)
    {
        open(QIODevice::ReadOnly | QIODevice::Unbuffered);
        if (status > 0)
            setAttribute(QNetworkRequest::HttpStatusCodeAttribute, status);
        if (!announced.isEmpty())
            setRawHeader("Content-Length", announced);
        m_body = body;
    }
    void end(NetworkError error)
    {
        if (error != NoError)
            setError(error, u"in Qt's words"_s);
        setFinished(true);
        emit finished();
    }
    void abort() override {}
    bool isSequential() const override { return true; }
    qint64 bytesAvailable() const override { return m_body.size() + QNetworkReply::bytesAvailable(); }

protected:
    qint64 readData(char *target, qint64 most) override
    {
        const qint64 count = std::min<qint64>(most, m_body.size());
        std::copy_n(m_body.constData(), count, target);
        m_body.remove(0, count);
        return count;
    }

private:
    QByteArray m_body;
};

} // namespace

/// What counts as an answer. The races in which Qt ends like this are not to be had on demand.
class TestHttpExchange : public QObject {
    Q_OBJECT

private slots:
    void tellsAnswersFromBrokenConnections_data();
    void tellsAnswersFromBrokenConnections();
    void takesNoLengthThatDoesNotCount();
};

void TestHttpExchange::tellsAnswersFromBrokenConnections_data()
{
    using Error = QNetworkReply::NetworkError;
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("announced");
    QTest::addColumn<QNetworkReply::NetworkError>("error");
    QTest::addColumn<QString>("problem"); // empty: it is an answer
    const QString cutOff = u"connection was closed before"_s;
    QTest::newRow("complete") << 200 << QByteArray("2") << Error::NoError << QString();
    QTest::newRow("of a length untold") << 200 << QByteArray() << Error::NoError << QString();
    QTest::newRow("a refusal") << 404 << QByteArray("2") << Error::ContentNotFoundError << QString();
    QTest::newRow("a redirect without its text")
        << 307 << QByteArray("3") << Error::ContentReSendError << QString();
    QTest::newRow("nothing, as agreed") << 204 << QByteArray("3") << Error::NoError << QString();
    QTest::newRow("half, and no error") << 200 << QByteArray("3") << Error::NoError << cutOff;
    QTest::newRow("half a refusal") << 404 << QByteArray("3") << Error::ContentNotFoundError << cutOff;
    QTest::newRow("half, and closed") << 200 << QByteArray("3") << Error::RemoteHostClosedError << cutOff;
    QTest::newRow("half, and not asked again")
        << 200 << QByteArray("3") << Error::ContentReSendError << cutOff;
    QTest::newRow("nothing at all") << 0 << QByteArray() << Error::ConnectionRefusedError
                                    << u"cannot be reached: in Qt's words"_s;
}

void TestHttpExchange::tellsAnswersFromBrokenConnections()
{
    QFETCH(int, status);
    QFETCH(QByteArray, announced);
    QFETCH(QNetworkReply::NetworkError, error);
    QFETCH(QString, problem);
    ScriptedReply reply;
    HttpExchange exchange(&reply, 1h);
    reply.answer(status, announced, "{}");
    reply.end(error);
    const auto outcome = exchange.outcome();
    if (problem.isEmpty()) {
        QVERIFY2(outcome, outcome ? "" : qPrintable(outcome.error()));
        QCOMPARE(outcome->status, status);
        QCOMPARE(outcome->body, QByteArray("{}"));
    } else {
        QVERIFY(!outcome);
        QVERIFY2(outcome.error().contains(problem), qPrintable(outcome.error()));
    }
}

void TestHttpExchange::takesNoLengthThatDoesNotCount()
{
    ScriptedReply reply;
    HttpExchange exchange(&reply, 1h);
    reply.answer(200, "3", "{}");
    reply.setRawHeader("Transfer-Encoding", "chunked");
    reply.end(QNetworkReply::NoError);
    QVERIFY(exchange.outcome());
}

QTEST_GUILESS_MAIN(TestHttpExchange)
#include "tst_httpexchange.moc"
