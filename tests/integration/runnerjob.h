#pragma once

#include "support/files.h"
#include "support/waiting.h"

#include <QJsonObject>
#include <QStringList>
#include <QTemporaryDir>

#include <sys/types.h>

namespace cloudnode::test {

/// The object of a JSON text; empty if it is none.
QJsonObject object(const QByteArray &json);

/// One directory with the runner's files, and the program that works on it.
class RunnerJob {
public:
    RunnerJob() = default;
    ~RunnerJob(); ///< a failed test leaves nothing behind
    RunnerJob(const RunnerJob &) = delete;
    RunnerJob &operator=(const RunnerJob &) = delete;

    QString path(const QString &name) const { return m_folder.filePath(name); }
    QByteArray out() const { return contents(path(QStringLiteral("out"))); }
    QByteArray err() const { return contents(path(QStringLiteral("err"))); }
    QJsonObject started() const { return object(contents(path(QStringLiteral("started.json")))); }
    QJsonObject ended() const { return object(contents(path(QStringLiteral("exit.json")))); }
    QJsonValue end(const QString &key) const { return ended().value(key); }
    qint64 pid() const;
    pid_t supervisor() const;
    /// The number a workload has written into a file of its working directory.
    qint64 pidIn(const QString &name) const { return contents(path(name)).trimmed().toLongLong(); }

    QStringList arguments(const QString &command) const;
    /// Runs `start` to its end and keeps what it printed.
    int start(const QString &command);
    static QString runner();

    QStringList options;
    QString program; ///< instead of a shell with the command
    QJsonObject printed;

private:
    QTemporaryDir m_folder;

public:
    QString workingDirectory = m_folder.path(); // needs m_folder
};

} // namespace cloudnode::test

#define WAIT_FOR_END(job) WAIT_FOR(!(job).ended().isEmpty())
