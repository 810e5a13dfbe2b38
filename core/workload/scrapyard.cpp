#include "workload/scrapyard.h"

#include "platform/foldercontents.h"

#include <utility>

namespace cloudnode {

Scrapyard::Scrapyard(WorkloadJournal journal, QObject *parent)
    : QObject(parent),
      m_journal(std::move(journal))
{
    m_thread.setMaxThreadCount(1);
}

Scrapyard::~Scrapyard()
{
    m_stopping = true;
    m_thread.clear();
    m_thread.waitForDone();
}

void Scrapyard::removeWorkload(const QString &key)
{
    add([journal = m_journal, key] { return journal.discard(key).and_then(foldercontents::removeTree); });
}

void Scrapyard::removeFolder(const QString &path)
{
    add([path] { return foldercontents::removeTree(path); });
}

void Scrapyard::add(std::function<Result<void>()> removal)
{
    m_thread.start([this, removal = std::move(removal)] {
        if (m_stopping)
            return;
        if (const auto removed = removal(); !removed)
            emit warning(removed.error()); // queued: another thread
    });
}

} // namespace cloudnode
