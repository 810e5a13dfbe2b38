#include "doctor/threadcheck.h"

#include <QPromise>

#include <memory>
#include <thread>

namespace cloudnode {

ThreadCheck::ThreadCheck(QString subject, std::function<Finding()> find)
    : Check(std::move(subject)),
      m_find(std::move(find))
{
    connect(&m_watcher, &QFutureWatcher<Finding>::finished, this, [this] { conclude({m_watcher.result()}); });
}

void ThreadCheck::look()
{
    const auto promise = std::make_shared<QPromise<Finding>>();
    m_watcher.setFuture(promise->future());
    std::thread([promise, find = m_find] {
        promise->start();
        promise->addResult(find());
        promise->finish();
    }).detach();
}

} // namespace cloudnode
