#pragma once

#include <QObject>
#include <QStringList>

#include <memory>

namespace cloudnode {

/// Tells that files of some folders are written to, so that nobody need look at them again and again. What is
/// written is for others to read.
class FolderWatch final : public QObject {
    Q_OBJECT

public:
    explicit FolderWatch(QObject *parent = nullptr);
    ~FolderWatch() override;

    /// Watches the files of a folder, those made later too. False if the system cannot: then somebody has to
    /// look.
    bool add(const QString &folder);

    struct News {
        QStringList paths;      ///< files that were written to, each once
        bool isComplete = true; ///< false: any other may have been, too
    };
    /// What has happened since the last call. Only then written() may come again.
    News take();

signals:
    void written(); ///< there are news, from the event loop

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace cloudnode
