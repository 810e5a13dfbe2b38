#pragma once

#include "base/error.h"

#include <QProcess>
#include <QTimer>

namespace cloudnode {

/// One run of a program of the system's, within a minute and with bounded output.
class ToolRun : public QObject {
    Q_OBJECT

public:
    static constexpr qsizetype maxOutputBytes = 4 * 1024 * 1024; ///< what comes first is dropped

    ToolRun();
    ~ToolRun() override;

    void start(const QString &program, const QStringList &arguments);

signals:
    /// Once. The standard output; or an error, if the program is not there, fails, or takes too long.
    void finished(const cloudnode::Result<QByteArray> &output);

private:
    void read();
    void conclude(const Result<QByteArray> &output);

    QProcess m_process;
    QTimer m_limit;
    QByteArray m_output;
    bool m_concluded = false;
};

} // namespace cloudnode
