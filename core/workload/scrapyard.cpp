#include "workload/scrapyard.h"

#include <QDir>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

Scrapyard::Scrapyard(QObject *parent) : QObject(parent)
{
    m_thread.setMaxThreadCount(1);
}

Scrapyard::~Scrapyard()
{
    m_stopping = true;
    m_thread.clear();
    m_thread.waitForDone();
}

void Scrapyard::remove(const QString &folder)
{
    m_thread.start([this, folder] {
        if (!m_stopping && !QDir(folder).removeRecursively())
            emit warning({u"cannot be removed"_s, folder, u"Remove it by hand."_s}); // queued: another thread
    });
}

} // namespace cloudnode
