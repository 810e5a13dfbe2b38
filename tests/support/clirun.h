#pragma once

#include <QProcess>
#include <QString>
#include <QTest>

namespace cloudnode::test {

/// One run of the real cloudnode, as a user in a terminal would see it.
struct CliRun {
    int exitCode = -1;
    QString out;
    QString err;

    /// Waits for its end; the test's own event loop runs meanwhile.
    static CliRun of(QProcess &process)
    {
        if (!QTest::qWaitFor([&] { return process.state() == QProcess::NotRunning; }, 60'000)) {
            process.kill();
            process.waitForFinished();
            return {};
        }
        return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1,
                QString::fromUtf8(process.readAllStandardOutput()),
                QString::fromUtf8(process.readAllStandardError())};
    }

    /// Nothing of the test's own environment gets through but what finding and judging programs needs.
    static void prepare(QProcess &process, const QStringList &environment)
    {
        QStringList all = {QStringLiteral("PATH=") + qEnvironmentVariable("PATH")};
        for (const char *name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS"}) {
            if (qEnvironmentVariableIsSet(name))
                all << QString::fromLatin1(name) + u'=' + qEnvironmentVariable(name);
        }
        process.setEnvironment(all + environment);
    }

    static void start(QProcess &process, const QStringList &arguments, const QStringList &environment)
    {
        prepare(process, environment);
        process.start(QStringLiteral(CLOUDNODE_BIN_DIR "/cloudnode"), arguments);
    }
};

} // namespace cloudnode::test
