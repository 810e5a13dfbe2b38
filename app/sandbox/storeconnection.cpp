#include "sandbox/storeconnection.h"

#include <algorithm>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace cloudnode::sandbox {

namespace {

constexpr qint64 pieceSize = 64 * 1024;        // bytes
constexpr qint64 socketBuffer = 4 * pieceSize; // what the socket holds for us; the rest waits at the sender
constexpr int ticksPerSecond = 10;

HttpReply cannotBeKept(const Error &problem)
{
    return HttpReply::message(507, problem.text());
}

} // namespace

StoreConnection::StoreConnection(QTcpSocket *socket, Store &store)
    : QObject(socket),
      m_socket(socket),
      m_store(store)
{
    m_socket->setReadBufferSize(socketBuffer);
    m_tick.setInterval(1000ms / ticksPerSecond);
    connect(m_socket, &QTcpSocket::readyRead, this, &StoreConnection::read);
    connect(&m_tick, &QTimer::timeout, this, [this] {
        readBody();
        read(); // what follows, once the slow one is through
    });
    connect(m_socket, &QTcpSocket::disconnected, this, &StoreConnection::ended);
    read();
}

void StoreConnection::read()
{
    while (m_socket->bytesAvailable() > 0 && !m_tick.isActive()) { // which has a pace of its own
        const bool hasRead = m_expected == Expected::Head   ? readHead()
                             : m_expected == Expected::Body ? readBody()
                                                            : m_socket->skip(pieceSize) > 0;
        if (!hasRead)
            return;
    }
}

/// False if there is not all of it yet.
bool StoreConnection::readHead()
{
    const QByteArray start = m_socket->peek(HttpHead::longest);
    const qsizetype size = start.indexOf("\r\n\r\n");
    if (size < 0 && start.size() < HttpHead::longest)
        return false;
    const auto head = size < 0 ? Result<HttpHead>(fail(u"its head is too long"_s))
                               : HttpHead::parse(m_socket->read(size + 4));
    if (head)
        begin(*head);
    else
        close(HttpReply::message(400, head.error().text()));
    return true;
}

void StoreConnection::begin(const HttpHead &head)
{
    m_delivery = m_store.admit(head);
    if (m_delivery.answer && !head.contentLength()) { // nobody knows where its body ends
        close(*m_delivery.answer);
        return;
    }
    auto file = IncomingFile::open(m_delivery.path);
    if (!file) {
        m_store.giveUp(m_delivery, 0);
        close(cannotBeKept(file.error()));
        return;
    }
    m_file = std::move(*file);
    m_missing = head.contentLength().value_or(0);
    m_expected = Expected::Body;
    if (head.headers.value("expect").toLower() == "100-continue")
        m_socket->write("HTTP/1.1 100 Continue\r\n\r\n");
    if (m_delivery.fault && m_delivery.fault->kind == Fault::Kind::Crawl)
        m_tick.start();
    if (m_missing == 0)
        end();
}

/// False if nothing came.
bool StoreConnection::readBody()
{
    const Fault fault = m_delivery.fault.value_or(Fault());
    qint64 wanted = std::min(pieceSize, m_missing);
    if (fault.kind == Fault::Kind::Crawl)
        wanted = std::min(wanted, std::max<qint64>(fault.bytes / ticksPerSecond, 1));
    if (fault.kind == Fault::Kind::Cut)
        wanted = std::min(wanted, fault.bytes - m_file->bytes());
    if (fault.kind == Fault::Kind::Cut && wanted == 0) {
        cut();
        return false;
    }
    const QByteArray piece = m_socket->read(wanted);
    if (piece.isEmpty())
        return false;
    m_missing -= piece.size();
    if (const auto written = m_file->append(piece); !written)
        close(cannotBeKept(written.error()));
    else if (m_missing == 0)
        end();
    return true;
}

void StoreConnection::end()
{
    m_tick.stop();
    m_expected = Expected::Head;
    if (const auto kept = m_file->finish(); !kept) {
        close(cannotBeKept(kept.error()));
        return;
    }
    const HttpReply reply = m_store.finish(m_delivery, m_file->bytes(), m_file->sha256());
    m_file.reset();
    if (reply.delay.count() == 0)
        answer(reply);
    else
        QTimer::singleShot(reply.delay, this, [this, reply] { answer(reply); });
}

void StoreConnection::cut()
{
    m_expected = Expected::Nothing;
    m_socket->abort(); // ended() follows
}

void StoreConnection::close(HttpReply last)
{
    m_tick.stop();
    m_expected = Expected::Nothing;
    last.moreHeaders << qMakePair(QByteArray("Connection"), QByteArray("close"));
    answer(last);
    m_socket->disconnectFromHost();
}

void StoreConnection::answer(const HttpReply &reply)
{
    const QByteArray wire = reply.toWire();
    if (reply.delivery == HttpReply::Delivery::Whole)
        m_socket->write(wire);
    if (reply.delivery != HttpReply::Delivery::Half)
        return;
    m_socket->write(wire.first(wire.size() / 2));
    m_socket->disconnectFromHost();
}

void StoreConnection::ended()
{
    m_tick.stop();
    if (m_file)
        m_store.giveUp(m_delivery, m_file->bytes());
    m_file.reset();
    m_socket->deleteLater();
}

} // namespace cloudnode::sandbox
