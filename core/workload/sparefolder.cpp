#include "workload/sparefolder.h"

#include "platform/atomicfile.h"
#include "platform/fileoperations.h"
#include "record/recordfolder.h"
#include "record/recordnames.h"

#include <QDir>
#include <QFile>

using namespace Qt::Literals::StringLiterals;
using namespace std::chrono_literals;

namespace cloudnode {

namespace {

constexpr auto pause = 3ms; // whoever has just been served is still at the disk

Result<void> reserveRecords(const QString &folder)
{
    const auto records = RecordFolder::open(QFile::encodeName(folder).toStdString());
    return records.and_then([](const RecordFolder &there) { return there.reserve(recordnames::startedFile); })
        .and_then([&] { return records->reserve(recordnames::exitFile); })
        .map_error([&](const std::string &reason) {
            return Error{QString::fromStdString(reason), folder, {}};
        });
}

Result<void> makeEmpty(const QTemporaryDir &folder, const char *name)
{
    return fileoperations::make(folder.filePath(QLatin1StringView(name)));
}

Result<std::unique_ptr<QTemporaryDir>> make(const QString &pattern)
{
    auto folder = std::make_unique<QTemporaryDir>(pattern);
    if (!folder->isValid())
        return fail(u"cannot make a folder: "_s + folder->errorString(), pattern);
    auto made = reserveRecords(folder->path()).and_then([&] {
        return atomicfile::makePrivateFolder(folder->filePath(QLatin1StringView(recordnames::resultsFolder)));
    });
    for (const char *name : {recordnames::specFile, recordnames::lockFile, SpareFolder::stdoutFile,
                             SpareFolder::stderrFile, SpareFolder::paramsFile})
        made = made.and_then([&] { return makeEmpty(*folder, name); });
    made = made.and_then([&] { return fileoperations::syncFolder(folder->path()); });
    if (!made)
        return tl::make_unexpected(made.error());
    return folder;
}

} // namespace

SpareFolder::SpareFolder(const QString &parent, const QString &prefix)
    : m_pattern(parent + u'/' + prefix + u"XXXXXX"_s)
{
    m_thread.setMaxThreadCount(1);
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &SpareFolder::makeOne);
}

SpareFolder::~SpareFolder()
{
    m_thread.waitForDone();
}

void SpareFolder::prepare()
{
    if (!m_timer.isActive())
        m_timer.start(pause);
}

void SpareFolder::makeOne()
{
    if (m_ready || m_underWay)
        return;
    m_underWay = true;
    m_thread.start([this, pattern = m_pattern] {
        // What goes wrong now goes wrong again when somebody is there to be told.
        auto made = std::make_shared<std::unique_ptr<QTemporaryDir>>(make(pattern).value_or(nullptr));
        QMetaObject::invokeMethod(this, [this, made] {
            m_underWay = false;
            m_ready = std::move(*made);
            if (m_ready)
                emit prepared();
        });
    });
}

Result<std::unique_ptr<QTemporaryDir>> SpareFolder::take()
{
    prepare();
    if (m_ready && fileoperations::exists(m_ready->path()))
        return std::move(m_ready);
    m_ready.reset();
    return make(m_pattern);
}

} // namespace cloudnode
