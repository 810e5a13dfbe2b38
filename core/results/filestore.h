#pragma once

#include "cloud/tlssettings.h"
#include "results/storeput.h"

#include <QThread>

#include <functional>
#include <optional>

namespace cloudnode {

struct FileStoreSettings {
    /// Path of a PEM bundle that is trusted besides the system's certificates; empty: none. A backend with an
    /// authority of its own is likely to have a store with the same.
    QString moreAuthorities;
    /// How long nothing may move on a connection. A whole file may take as long as it takes.
    std::chrono::milliseconds patience{300'000};
};

/// The way into the store: takes files and says what became of each. Disk and network are dealt with in a
/// thread of its own, so that neither a slow disk nor a fast network holds up who calls.
class FileStore final : public QObject {
    Q_OBJECT

public:
    explicit FileStore(FileStoreSettings settings, QObject *parent = nullptr);
    ~FileStore() override;

    using Progress = std::function<void(qint64 bytes)>;
    /// `file` is what was handed over.
    using Done = std::function<void(const StoreVerdict &verdict, const ResultFile &file)>;

    /// Both are called from the caller's event loop, `done` once, unless `context` has been destroyed by
    /// then.
    void put(const ResultFiles &from, const ResultFile &file, const QUrl &url, QObject *context,
             Progress progress, Done done);
    /// Ends what is under way without a word.
    void breakOff();

private:
    class Worker;

    FileStoreSettings m_settings;
    std::optional<QSslConfiguration> m_tls; ///< none before it is needed, or while its file is of no use
    QThread m_thread;
    Worker *m_worker = nullptr; ///< lives in m_thread, and ends with it
};

} // namespace cloudnode
