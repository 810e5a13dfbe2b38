#include "platform/folderwatch.h"

namespace cloudnode {

/// A system that does not tell.
class FolderWatch::Private {};

FolderWatch::FolderWatch(QObject *parent) : QObject(parent) {}

FolderWatch::~FolderWatch() = default;

bool FolderWatch::add(const QString & /*folder*/)
{
    return false;
}

FolderWatch::News FolderWatch::take()
{
    return {};
}

} // namespace cloudnode
