#include "workload/sparefolders.h"

#include "platform/atomicfile.h"
#include "platform/fileoperations.h"
#include "record/recordfolder.h"
#include "record/recordnames.h"
#include "workload/workloadpaths.h"

#include <QDir>
#include <QFile>

#include <algorithm>
#include <iterator>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace cloudnode {

namespace {

constexpr auto pause = 3ms; // whoever has just been served is still at the disk

Result<void> reserveRecords(const QString &folder)
{
    return RecordFolder::open(QFile::encodeName(folder).toStdString())
        .and_then([](const RecordFolder &there) {
            return there.reserve({recordnames::startedFile, recordnames::exitFile});
        })
        .map_error([&](const std::string &reason) {
            return Error{QString::fromStdString(reason), folder, {}};
        });
}

Result<void> makeEmpty(const QTemporaryDir &folder, const char *name)
{
    return fileoperations::make(folder.filePath(QLatin1StringView(name)));
}

Result<void> fill(const QTemporaryDir &folder)
{
    auto made = atomicfile::makePrivateFolder(folder.filePath(QLatin1StringView(recordnames::resultsFolder)));
    for (const char *name : {recordnames::specFile, recordnames::lockFile, WorkloadPaths::stdoutFile,
                             WorkloadPaths::stderrFile, WorkloadPaths::paramsFile})
        made = made.and_then([&] { return makeEmpty(folder, name); });
    return made.and_then([&] { return reserveRecords(folder.path()); }); // which brings all names to the disk
}

} // namespace

SpareFolders::SpareFolders(const QString &parent, const QString &prefix) : m_parent(parent), m_prefix(prefix)
{
    m_thread.setMaxThreadCount(1);
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &SpareFolders::makeMissing);
}

SpareFolders::~SpareFolders()
{
    m_thread.waitForDone();
}

void SpareFolders::prepare()
{
    if (!m_timer.isActive())
        m_timer.start(pause);
}

void SpareFolders::makeMissing()
{
    if (m_underWay || m_ready.size() > m_wanted / 2) // several at once cost less each
        return;
    m_underWay = true;
    m_thread.start([this, parent = m_parent, prefix = m_prefix, count = m_wanted - m_ready.size()] {
        // What goes wrong now goes wrong again when somebody is there to be told.
        auto made = std::make_shared<Folders>(make(parent, prefix, count).value_or(Folders()));
        QMetaObject::invokeMethod(this, [this, made] {
            m_underWay = false;
            std::move(made->begin(), made->end(), std::back_inserter(m_ready));
            if (!m_ready.empty())
                emit prepared();
        });
    });
}

Result<std::unique_ptr<QTemporaryDir>> SpareFolders::take()
{
    const bool isEarly = m_underWay || m_timer.isActive();
    prepare();
    while (!m_ready.empty()) {
        auto next = std::move(m_ready.back());
        m_ready.pop_back();
        if (fileoperations::exists(next->path()))
            return next;
    }
    if (isEarly)
        m_wanted = std::min(m_wanted + 1, most);
    return make(m_parent, m_prefix, 1).map([](Folders one) { return std::move(one.front()); });
}

/// Together, as all of their names are brought to the disk at once.
Result<SpareFolders::Folders> SpareFolders::make(const QString &parent, const QString &prefix,
                                                 std::size_t count)
{
    Folders folders;
    while (folders.size() < count) {
        const QString pattern = parent + u'/' + prefix + u"XXXXXX"_s;
        const auto &folder = folders.emplace_back(std::make_unique<QTemporaryDir>(pattern));
        if (!folder->isValid())
            return fail(u"cannot make a folder: "_s + folder->errorString(), pattern);
        if (auto filled = fill(*folder); !filled)
            return tl::make_unexpected(filled.error());
    }
    if (auto synced = fileoperations::syncFolder(parent); !synced)
        return tl::make_unexpected(synced.error());
    return folders;
}

} // namespace cloudnode
