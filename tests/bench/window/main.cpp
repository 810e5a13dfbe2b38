// cloudnode-bench-window: the measurements that need the desktop's libraries. Run by cloudnode-bench, for
// which it prints its rows as one JSON array.
#include "bench/window/opening.h"
#include "bench/window/responsiveness.h"

#include <QApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QSettings>
#include <QTemporaryDir>

#include <cstdio>

using namespace Qt::Literals::StringLiterals;
using namespace cloudnode;
using namespace cloudnode::bench;

int main(int argc, char **argv)
{
    if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM"))
        qputenv("QT_QPA_PLATFORM", "offscreen");
    QApplication application(argc, argv);
    QApplication::setQuitOnLastWindowClosed(false);
    const QTemporaryDir settings; // not the owner's: the desktop keeps its geometry there
    QSettings::setPath(QSettings::NativeFormat, QSettings::UserScope, settings.path());
    const Scale scale{QApplication::arguments().contains("--short"_L1)};
    QJsonArray rows;
    bool isComplete = true;
    for (const auto measure : {measureOpening, measureResponsiveness}) {
        const auto measured = measure(scale);
        if (!measured)
            std::fprintf(stderr, "%s\n", qUtf8Printable(measured.error().text()));
        isComplete = isComplete && measured;
        for (const Row &row : measured.value_or(QList<Row>()))
            rows.append(row.toJson());
    }
    std::puts(QJsonDocument(rows).toJson().constData());
    return isComplete ? 0 : 1;
}
