#include "fakefeed.h"

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

void FakeFeed::tell(const NodeSnapshot &snapshot)
{
    if (!std::exchange(m_up, true))
        emit upChanged(true);
    emit statusArrived(snapshot);
}

void FakeFeed::goDown()
{
    if (std::exchange(m_up, false))
        emit upChanged(false);
}

void FakeFeed::answer(const QString &what, const Answer &done)
{
    asked.append(what);
    done(reply);
}

void FakeFeed::pause(QObject *, Answer done)
{
    answer(u"pause"_s, done);
}

void FakeFeed::resume(QObject *, Answer done)
{
    answer(u"resume"_s, done);
}

void FakeFeed::stop(QObject *, Answer done)
{
    answer(u"stop"_s, done);
}

void FakeFeed::cancel(const QJsonValue &requestId, const QString &signalName, QObject *, Answer done)
{
    answer(u"cancel %1 %2"_s.arg(requestId.toVariant().toString(), signalName), done);
}

} // namespace cloudnode
