#include "results/filestore.h"

#include <QPointer>
#include <QSslCertificate>

using namespace Qt::Literals::StringLiterals;

namespace cloudnode {

namespace {

Result<QSslConfiguration> trustBesides(const QString &moreAuthorities)
{
    auto system = TlsSettings().configuration();
    if (!system || moreAuthorities.isEmpty())
        return system;
    return TlsSettings{u"api_tls"_s, moreAuthorities, {}, {}}.configuration().map(
        [&](const QSslConfiguration &ours) {
            system->addCaCertificates(ours.caCertificates());
            return *system;
        });
}

} // namespace

/// What works in the store's own thread.
class FileStore::Worker final : public QObject {
public:
    explicit Worker(FileStore &store) : m_store(store) {}

    void begin(const StoreRequest &request, const QPointer<QObject> &context, const Progress &progress,
               const Done &done)
    {
        if (!m_network)
            m_network = new QNetworkAccessManager(this); // here, so that it belongs to this thread
        auto *put = new StorePut(*m_network, request, this);
        // The store outlives this thread, so it can carry what there is to say to its own.
        connect(put, &StorePut::progressed, &m_store, [context, progress](qint64 bytes) {
            if (context)
                progress(bytes);
        });
        connect(put, &StorePut::ended, this, [this, put, context, done](const StoreVerdict &verdict) {
            const auto tell = [context, done, verdict, file = put->file()] {
                if (context)
                    done(verdict, file);
            };
            QMetaObject::invokeMethod(&m_store, tell, Qt::QueuedConnection);
            put->deleteLater();
        });
        put->start();
    }

private:
    FileStore &m_store;
    QNetworkAccessManager *m_network = nullptr;
};

FileStore::FileStore(FileStoreSettings settings, QObject *parent)
    : QObject(parent),
      m_settings(std::move(settings))
{
}

FileStore::~FileStore()
{
    breakOff();
}

void FileStore::breakOff()
{
    m_thread.quit();
    m_thread.wait();
    m_worker = nullptr; // it has ended with its thread
}

void FileStore::put(const ResultFiles &from, const ResultFile &file, const QUrl &url, QObject *context,
                    Progress progress, Done done)
{
    const auto trusted = m_tls ? Result<QSslConfiguration>(*m_tls) : trustBesides(m_settings.moreAuthorities);
    if (!trusted) {
        const StoreVerdict verdict{StoreVerdict::Kind::Passing, trusted.error(), {}};
        QMetaObject::invokeMethod(
            context, [done = std::move(done), verdict, file] { done(verdict, file); }, Qt::QueuedConnection);
        return;
    }
    m_tls = *trusted;
    if (!m_worker) { // most nodes never need the thread
        m_worker = new Worker(*this);
        m_worker->moveToThread(&m_thread);
        connect(&m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
        m_thread.start();
    }
    const StoreRequest request{from, file, url, *m_tls, m_settings.patience};
    QMetaObject::invokeMethod(
        m_worker, [worker = m_worker, request, context = QPointer(context), progress = std::move(progress),
                   done = std::move(done)] { worker->begin(request, context, progress, done); });
}

} // namespace cloudnode
