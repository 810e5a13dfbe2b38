#include "platform/descriptor.h"
#include "platform/folderwatch.h"

#include <QFile>
#include <QHash>
#include <QSet>
#include <QSocketNotifier>

#include <sys/inotify.h>

#include <algorithm>

namespace cloudnode {

class FolderWatch::Private {
public:
    Private() : inotify(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {}

    /// One event of those that were read.
    void note(const inotify_event &event)
    {
        if ((event.mask & IN_Q_OVERFLOW) != 0)
            isComplete = false;
        else if ((event.mask & IN_IGNORED) != 0) // the folder has been removed
            folders.remove(event.wd);
        else if (event.len > 0)
            paths.insert(folders.value(event.wd) + u'/' + QFile::decodeName(event.name));
    }

    Descriptor inotify;
    std::unique_ptr<QSocketNotifier> notifier; // needs inotify; none if the system refused one
    QHash<int, QString> folders;               // by the watch's number
    QSet<QString> paths;                       // since the last take()
    bool isComplete = true;
};

FolderWatch::FolderWatch(QObject *parent) : QObject(parent), d(std::make_unique<Private>())
{
    if (!d->inotify.isOpen())
        return;
    d->notifier = std::make_unique<QSocketNotifier>(d->inotify.get(), QSocketNotifier::Read);
    connect(d->notifier.get(), &QSocketNotifier::activated, this, [this] {
        d->notifier->setEnabled(false); // somebody who writes without pause must not wake us without pause
        emit written();
    });
}

FolderWatch::~FolderWatch() = default;

bool FolderWatch::add(const QString &folder)
{
    if (!d->notifier)
        return false;
    if (std::find(d->folders.cbegin(), d->folders.cend(), folder) != d->folders.cend())
        return true;
    const int watch = ::inotify_add_watch(d->inotify.get(), QFile::encodeName(folder).constData(), IN_MODIFY);
    if (watch < 0)
        return false;
    d->folders.insert(watch, folder);
    return true;
}

FolderWatch::News FolderWatch::take()
{
    alignas(inotify_event) char buffer[16 * 1024];
    ssize_t size = 0;
    while (d->notifier && (size = ::read(d->inotify.get(), buffer, sizeof buffer)) > 0) {
        for (ssize_t at = 0; at < size;) {
            const auto *event = reinterpret_cast<const inotify_event *>(buffer + at);
            d->note(*event);
            at += static_cast<ssize_t>(sizeof(inotify_event) + event->len);
        }
    }
    if (d->notifier)
        d->notifier->setEnabled(true);
    News news{d->paths.values(), d->isComplete};
    d->paths.clear();
    d->isComplete = true;
    return news;
}

} // namespace cloudnode
